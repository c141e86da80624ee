import { archiveBranch, mainBranch, trashBranch } from "../../core/version/branch_ids.ts";
import { describe } from "../../core/describe/describe.ts";
import type { DescribeScope } from "../../core/describe/scope.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import type { AnyRow } from "../../core/query/query.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { snakeCase } from "../../core/registry/words.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, texts } from "../flags.ts";
import type { Output } from "../output.ts";
import { registriesOf } from "../registries.ts";
import { recordJson } from "../render/record_json.ts";
import { renderTree } from "../render/tree.ts";
import { settleLeft } from "../run/settle_left.ts";
import { type CommonFlags, verb } from "../verb.ts";
import { shownRecords } from "./show_target.ts";

interface Flags {
  readonly uid?: string;
  readonly key?: string;
  readonly name?: string;
  readonly include?: readonly string[];
}

export default verb<Flags>({
  description: [
    "Describes an artifact, or a record of any registry: what it is, its features, labels, source code,",
    "parameters, members, as Python's describe() prints it. With -v also all that it is related to.",
    "A record is named by its key or name, key@version, its uid or the start of it.",
  ].join("\n"),
  examples: [
    ["lamin show pbmc.h5ad", "the latest version under that key"],
    ["lamin show transform ingest.py", "a transform with its source code"],
    ["lamin show celltype 'T cell'", "a term of an ontology"],
    ["lamin show run 3ePfUFx --json", "all that is known of a run, as JSON"],
    ["lamin describe --key pbmc.h5ad", "as Python's command has it"],
  ],
  exitCodes: [exitCode.noInstance],
  flags: {
    uid: text("uid", "The record with this uid or beginning of one"),
    key: text("key", "The record with this key"),
    name: text("name", "The record with this name"),
    include: texts("what", "comments: the comments about it too"),
  },
  arguments: {
    brief: "A registry (artifact unless given), then what to show",
    placeholder: "registry|reference",
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  await settleLeft(instance);
  const registries = await registriesOf(instance);
  await instance.database.read(async (reader) => {
    const branch = await currentBranchId(instance, reader);
    const branches = [...new Set([branch, mainBranch])];
    const scope = { instance, reader, registries, branches };
    for (const { registry, row } of await shownRecords(scope, flags, args)) {
      await print(context.output, scope, flags, registry, row);
    }
  });
}

async function print(
  output: Output,
  scope: DescribeScope,
  flags: Flags,
  registry: Registry,
  row: AnyRow,
): Promise<void> {
  if (output.mode !== "human") {
    const value = await recordJson(scope, registry, row);
    output.result(value, () => "");
    return;
  }
  const what = snakeCase(registry.model);
  if (row.is_latest === false) output.note(`this is not the latest version of the ${what}`);
  if (row.branch_id === archiveBranch) output.note(`this ${what} is archived`);
  if (row.branch_id === trashBranch) output.note(`this ${what} is in the trash`);
  const tree = await describe(scope, registry, row, {
    comments: flags.include?.includes("comments") ?? false,
    relations: output.verbose,
  });
  output.text(await renderTree(tree, output));
}
