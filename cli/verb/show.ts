import { archiveBranch, mainBranch, trashBranch } from "../../core/artifact/add/decide.ts";
import { describe } from "../../core/describe/describe.ts";
import type { DescribeScope } from "../../core/describe/scope.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import type { AnyRow } from "../../core/query/query.ts";
import { resolveArtifact } from "../../core/reference/resolve.ts";
import { recordWith, resolveRecord } from "../../core/reference/resolve_record.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { snakeCase } from "../../core/registry/words.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, texts } from "../flags.ts";
import type { Output } from "../output.ts";
import { registriesOf } from "../registries.ts";
import { recordJson } from "../render/record_json.ts";
import { renderTree } from "../render/tree.ts";
import { type CommonFlags, verb } from "../verb.ts";

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

interface Wanted {
  readonly registry: Registry;
  readonly row: AnyRow;
}

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  const registries = await registriesOf(instance);
  await instance.database.read(async (reader) => {
    const branch = await currentBranchId(instance, reader);
    const branches = [...new Set([branch, mainBranch])];
    const scope = { instance, reader, registries, branches };
    for (const { registry, row } of await wanted(scope, flags, args)) {
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
  output.text(renderTree(tree, output));
}

/** The records that the words of the command mean. */
async function wanted(
  scope: DescribeScope,
  flags: Flags,
  args: readonly string[],
): Promise<Wanted[]> {
  const { reader, registries, branches: [branch] } = scope;
  const artifacts = registries.find("artifact");
  for (const field of ["uid", "key", "name"] as const) {
    const value = flags[field];
    if (value === undefined) continue;
    const registry = args[0] === undefined ? artifacts : registries.find(args[0]);
    return [{ registry, row: await recordWith(reader, registry, field, value, branch!) }];
  }
  const [first, ...references] = args;
  if (first === undefined) {
    throw new LaminError("usage", "name what to show", {
      hint: "for example 'lamin show data.csv', or 'lamin show transform ingest.py'",
    });
  }
  if (references.length === 0) return [await alone(scope, artifacts, first)];
  const registry = registries.find(first);
  const found: Wanted[] = [];
  for (const reference of references) {
    const row = registry === artifacts
      ? await anyArtifact(scope, reference)
      : await resolveRecord(reader, registry, reference, branch!);
    found.push({ registry, row });
  }
  return found;
}

/** One word: an artifact, or `branch` for the current one, as Python's command has it. */
async function alone(scope: DescribeScope, artifacts: Registry, word: string): Promise<Wanted> {
  try {
    return { registry: artifacts, row: await anyArtifact(scope, word) };
  } catch (error) {
    const registry = error instanceof LaminError && error.code === "not_found"
      ? registryCalled(scope, word)
      : undefined;
    if (registry === undefined) throw error;
    if (registry.name === "lamindb_branch") {
      const [row] = await scope.reader.select(registry, "id = ?", [scope.branches[0]!]);
      if (row !== undefined) return { registry, row };
    }
    const name = snakeCase(registry.model);
    throw new LaminError("usage", `say which ${name} to show`, {
      hint: `'lamin list ${name}' lists them, 'lamin show ${name} NAME' shows one`,
      data: { registry: registry.name },
    });
  }
}

function registryCalled({ registries }: DescribeScope, word: string): Registry | undefined {
  try {
    return registries.find(word);
  } catch {
    return undefined;
  }
}

/** The artifact that is meant, in the trash if nowhere else. */
async function anyArtifact(
  { instance, reader }: DescribeScope,
  reference: string,
): Promise<AnyRow> {
  try {
    return await resolveArtifact(instance, reader, reference);
  } catch (error) {
    if (!(error instanceof LaminError) || error.code !== "not_found") throw error;
    return await resolveArtifact(instance, reader, reference, "trash").catch(() => {
      throw error;
    });
  }
}
