import { findOperation } from "../../core/operation/history.ts";
import { operations, withUndos } from "../../core/operation/log.ts";
import { rowChanges } from "../../core/operation/row_changes.ts";
import { nearest } from "../../core/text/nearest.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, toggle } from "../flags.ts";
import { everyRegistryOf } from "../registries.ts";
import { operationJson } from "../render/operation_json.ts";
import { renderOperation, renderOperations } from "../render/operations.ts";
import { rowChangeJson } from "../render/row_change.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly number?: number;
  readonly exitCode?: boolean;
}

/** What can be done with operations. */
const actions = ["log", "show", "compare"] as const;

/** How many operations are listed unless more are asked for. */
const shownMax = 20;

export default verb<Flags>({
  description: [
    "Lists operations, the newest first: each command that changed something is one. 'op show' says",
    "which records an operation changed, and how. 'lamin undo' undoes one.",
    "'op compare' tells how a copy of the instance in another folder went on: whether one is ahead, or",
    "both since which operation, and which rows differ that no operation changed. The copy is only",
    "read.",
  ].join("\n"),
  examples: [
    ["lamin op log", "the last 20 operations"],
    ["lamin op log -n 0 --json", "all of them, one JSON object a line"],
    ["lamin op show k3J9xQ2m", "what one changed, field by field"],
    [
      "lamin op compare /backup/atlas",
      "what a copy has that this one lacks, and the other way round",
    ],
    ["lamin op compare ../lab2 --exit-code -q", "in a script: ends with 3 when they differ"],
  ],
  exitCodes: [exitCode.different, exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: {
    number: count("count", `How many to list, ${shownMax} unless given; 0 for all`),
    exitCode: toggle("With compare: end with 3 when the copies differ"),
  },
  aliases: { n: "number" },
  arguments: {
    brief: "log; show and the uid of an operation; compare and the folder of a copy",
    placeholder: "word",
    maximum: 2,
  },
  async run(context, flags, [action = "log", reference]) {
    if (action === "log" && reference === undefined) return await log(context, flags);
    if (action === "show" && reference !== undefined) return await show(context, reference);
    if (action === "compare" && reference !== undefined) {
      return await compare(context, flags, reference);
    }
    throw misunderstood(action, reference);
  },
});

function misunderstood(action: string, reference: string | undefined): LaminError {
  if (action === "show") return new LaminError("usage", "'op show' needs the uid of an operation");
  if (action === "compare") {
    return new LaminError("usage", "'op compare' needs the folder of a copy of the instance");
  }
  const isLog = action === "log";
  const near = isLog ? [] : nearest(action, actions);
  return new LaminError("usage", `'lamin op' does not know '${isLog ? reference : action}'`, {
    hint: near.length > 0
      ? `did you mean 'lamin op ${near[0]}'?`
      : "'lamin op log' lists operations, 'lamin op show UID' says what one changed",
  });
}

async function compare(context: Context, flags: Flags, path: string): Promise<number> {
  const { compareWith } = await import("../compare_copies.ts");
  const { number = shownMax } = flags;
  const isDifferent = await compareWith(context, path, number === 0 ? Infinity : number);
  return isDifferent && flags.exitCode ? exitCode.different : exitCode.ok;
}

async function log(context: Context, { number = shownMax }: Flags): Promise<void> {
  const instance = await context.instance({ readOnly: true });
  const limit = number === 0 ? Infinity : number;
  const found = await instance.database.read((reader) => operations(reader, { limit: limit + 1 }));
  const shown = found.slice(0, limit);
  const { output } = context;
  output.results(shown.map(operationJson), () => renderOperations(shown, output));
  if (found.length > shown.length) output.note(`older ones are not shown: -n 0 shows all`);
}

async function show(context: Context, reference: string): Promise<void> {
  const instance = await context.instance({ readOnly: true });
  const registries = await everyRegistryOf(instance);
  const { operation, changes } = await instance.database.read(async (reader) => {
    const found = await findOperation(reader, reference);
    const [operation] = await withUndos(reader, [found]);
    return { operation: operation!, changes: await rowChanges(reader, found, registries) };
  });
  const { output } = context;
  output.result(
    { ...operationJson(operation), changes: changes.map(rowChangeJson) },
    () => renderOperation(operation, changes, output),
  );
}
