import type { TableReversal } from "../../core/operation/undo/reversal.ts";
import { undo, type Undone } from "../../core/operation/undo/undo.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import type { Output } from "../output.ts";
import { everyRegistryOf } from "../registries.ts";
import { plural } from "../render/quantity.ts";
import { renderReversal } from "../render/reversal.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Undoes an operation: the last one, or the one whose uid 'lamin op log' shows. What it recorded is",
    "as before; the undo is an operation itself, so that undoing it does the thing again. Refused, by",
    "name, when something done since depends on it. Files that 'mv' moved go back; other files in the",
    "work tree stay as they are, and bytes stay in the store until 'lamin gc'.",
  ].join("\n"),
  examples: [
    ["lamin undo", "the last operation that is not undone"],
    ["lamin undo --dry-run", "what that would come to"],
    ["lamin undo k3J9xQ2mPq1A", "the operation with this uid"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: { dryRun: toggle("Show what would be done") },
  aliases: { n: "dryRun" },
  arguments: { brief: "Uid of an operation, or its start", placeholder: "operation", maximum: 1 },
  async run(context, flags, [reference]) {
    context.output.requireFields(fields);
    const instance = await context.instance();
    const undone = await undo(instance, {
      operation: context.operation("undo"),
      ...(reference === undefined ? {} : { reference }),
      dryRun: flags.dryRun ?? false,
      registries: await everyRegistryOf(instance),
    });
    print(context.output, undone, flags.dryRun ?? false);
  },
});

/** What `--json` prints. */
const fields = "uid undoes verb summary removed restored changed files".split(" ");

function print(output: Output, undone: Undone, dryRun: boolean): void {
  const { target, reversal, moved, operation } = undone;
  const count = (rows: (table: TableReversal) => readonly unknown[]) =>
    reversal.reduce((sum, table) => sum + rows(table).length, 0);
  output.result({
    uid: operation ?? null,
    undoes: target.uid,
    verb: target.verb,
    summary: target.summary,
    removed: count(({ remove }) => remove),
    restored: count(({ insert }) => insert),
    changed: count(({ change }) => change),
    files: moved.map(({ row, from }) => ({ from, to: row.key })),
  }, () => {
    const { paint } = output;
    const said = dryRun ? "would undo" : "undone:";
    const title = `${said} ${paint.bold(output.safe(target.verb))} ${paint.dim(target.uid)}`;
    return [
      `${title} ${output.safe(target.summary)}`,
      ...renderReversal(reversal, output),
      ...(moved.length === 0
        ? []
        : [`  ${plural(moved.length, "file")} ${dryRun ? "would move" : "moved"} back`]),
    ].join("\n");
  });
}
