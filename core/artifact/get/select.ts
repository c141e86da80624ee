import type { Reader } from "../../../store/database/database.ts";
import type { Instance } from "../../instance/instance.ts";
import { currentBranchId } from "../../instance/user.ts";
import { meaningOf } from "../../reference/meaning.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import type { ArtifactRow } from "../storage_key.ts";

/** An artifact that a reference chose. */
export interface Selected {
  readonly row: ArtifactRow;
  /**
   * The folder of keys that the reference named, with `/` at its end or empty for all; undefined
   * where it named the artifact itself.
   */
  readonly prefix: string | undefined;
}

/**
 * The artifacts that references choose, each once: one version, or the latest of every key below a
 * folder on the branch, else on main. Throws code "not_found" or "ambiguous".
 */
export async function selectArtifacts(
  instance: Instance,
  reader: Reader,
  references: readonly string[],
): Promise<Selected[]> {
  const selected = new Map<number, Selected>();
  for (const reference of references) {
    const meaning = await meaningOf(instance, reader, reference, "live");
    if (meaning.kind !== "folder") {
      selected.set(meaning.row.id, { row: meaning.row, prefix: undefined });
      continue;
    }
    for (const row of await latestBelow(instance, reader, meaning.prefix)) {
      if (!selected.has(row.id)) selected.set(row.id, { row, prefix: meaning.prefix });
    }
  }
  return [...selected.values()];
}

/**
 * The latest version under every key with a prefix, as `status` sees them (core/status/tracked.ts).
 */
export async function latestBelow(
  instance: Instance,
  reader: Reader,
  prefix: string,
): Promise<ArtifactRow[]> {
  const branch = await currentBranchId(instance, reader);
  const below = reader.dialect.startsWith("key", prefix);
  const rows = await reader.select(
    artifact,
    `${below.sql} AND is_latest AND branch_id IN (?, ?)
     AND (kind IS NULL OR kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\')
     ORDER BY ${reader.dialect.textOrder("key")}, created_at, id`,
    [...below.parameters, branch, mainBranch],
  );
  const heads = new Map<string, ArtifactRow>();
  for (const row of rows) {
    const other = heads.get(row.key!);
    if (other === undefined || row.branch_id === branch || other.branch_id !== branch) {
      heads.set(row.key!, row);
    }
  }
  return [...heads.values()];
}
