import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { currentVersions, isReplaced } from "../lineage/current_versions.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Placed } from "./recipe.ts";

/** The current versions of inputs in their places. */
export async function currentVersionsOf(
  instance: Instance,
  reader: Reader,
  inputs: readonly Placed[],
): Promise<Placed[]> {
  const branch = await currentBranchId(instance, reader);
  const uids = inputs.map(({ row }) => row.uid);
  const heads = await currentVersions(reader, "artifact", uids, branch);
  const list = reader.dialect.valuesOf([...heads.values()].map(({ id }) => Number(id)));
  const rows = heads.size === 0
    ? []
    : await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  const byStem = new Map(rows.map((row) => [stemUid(row.uid), row]));
  return inputs.map(({ row, path }) => {
    const current = byStem.get(stemUid(row.uid));
    return { row: isReplaced(row, current, branch) ? current : row, path };
  });
}
