import { lineageOf } from "../../core/lineage/lineage.ts";
import type { Direction, Start } from "../../core/lineage/walk.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { resolveArtifact } from "../../core/reference/resolve.ts";
import { resolveRecord } from "../../core/reference/resolve_record.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, toggle } from "../flags.ts";
import { registriesOf } from "../registries.ts";
import { lineageJson, lineageTree } from "../render/lineage.ts";
import { renderTree } from "../render/tree.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly up?: boolean;
  readonly down?: boolean;
  readonly depth?: number;
}

export default verb<Flags>({
  description: [
    "Shows where an artifact came from and what was made from it: runs with their inputs and outputs.",
    "A collection or a run can be asked for as well. It reads what was recorded; nothing is fetched.",
  ].join("\n"),
  examples: [
    ["lamin lineage results/umap.h5ad", "both ways"],
    ["lamin lineage results/umap.h5ad --up --depth 1", "the run that made it, and what that read"],
    ["lamin lineage run 3ePfUFx --json", "nodes and edges around a run"],
  ],
  exitCodes: [exitCode.noInstance],
  flags: {
    up: toggle("Only what it was made from"),
    down: toggle("Only what was made from it"),
    depth: count("n", "Over how many runs to go, 0 for all"),
  },
  aliases: { d: "depth" },
  arguments: {
    brief: "An artifact; or 'collection' or 'run' and which one",
    placeholder: "reference",
    minimum: 1,
    maximum: 2,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  const registries = await registriesOf(instance);
  const directions = (["up", "down"] as const).filter((one): one is Direction =>
    flags[one] || !flags.up && !flags.down
  );
  const lineage = await instance.database.read(async (reader) => {
    const start = await startOf(instance, reader, registries, args);
    return await lineageOf(reader, start, directions, flags.depth || Infinity);
  });
  const { output } = context;
  if (output.mode === "human") {
    output.text(await renderTree(lineageTree(lineage, directions), output));
  } else output.result(lineageJson(lineage), () => "");
}

async function startOf(
  instance: Instance,
  reader: Reader,
  registries: RegistrySet,
  [first, reference]: readonly string[],
): Promise<Start> {
  const registry = registries.find(reference === undefined ? "artifact" : first!);
  const wanted = reference ?? first!;
  if (registry.name === "lamindb_artifact") {
    return { kind: "artifact", id: (await resolveArtifact(instance, reader, wanted)).id };
  }
  const kind = registry.name.replace("lamindb_", "");
  if (kind !== "run" && kind !== "collection") {
    throw new LaminError("usage", `a ${kind} has no lineage`, {
      hint: "artifacts, collections and runs have one",
      data: { registry: registry.name },
    });
  }
  const branch = await currentBranchId(instance, reader);
  return { kind, id: (await resolveRecord(reader, registry, wanted, branch)).id as number };
}
