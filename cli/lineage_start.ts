import { currentBranchId } from "../core/instance/user.ts";
import type { Instance } from "../core/instance/instance.ts";
import type { LineageRequest } from "../core/lineage/lineage.ts";
import { resolveArtifact } from "../core/reference/resolve.ts";
import { resolveRecord } from "../core/reference/resolve_record.ts";
import type { RegistrySet } from "../core/registry/registry_set.ts";
import type { Reader } from "../store/database/database.ts";
import { LaminError } from "../store/errors.ts";

/** What the words `REFERENCE`, `run REFERENCE`, `collection REFERENCE` … name. */
export async function lineageStart(
  instance: Instance,
  reader: Reader,
  registries: RegistrySet,
  [first, reference]: readonly string[],
): Promise<LineageRequest["start"]> {
  const registry = registries.find(reference === undefined ? "artifact" : first!);
  const wanted = reference ?? first!;
  if (registry.name === "lamindb_artifact") {
    return { kind: "artifact", id: (await resolveArtifact(instance, reader, wanted)).id };
  }
  const kind = registry.name.replace("lamindb_", "");
  if (kind !== "run" && kind !== "collection" && kind !== "transform") {
    throw new LaminError("usage", `a ${kind} has no lineage`, {
      hint: "artifacts, collections, runs and transforms have one",
      data: { registry: registry.name },
    });
  }
  const branch = await currentBranchId(instance, reader);
  return { kind, id: (await resolveRecord(reader, registry, wanted, branch)).id as number };
}
