import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import { mainBranch } from "../version/branch_ids.ts";
import { idsOfFamilies } from "../version/family.ts";
import type { DataKind } from "./edges.ts";

/** A version, as far as it is compared with others of its family. */
export interface VersionRow {
  readonly id: number;
  readonly uid: string;
  readonly branch_id: number;
  readonly created_at: string;
}

/**
 * The current version of each family that the uids belong to, by the stem of its uids: the latest
 * on the branch, else on main. Families with none there are left out.
 */
export async function currentVersions(
  reader: Reader,
  kind: DataKind,
  uids: Iterable<string>,
  branch: number,
): Promise<Map<string, VersionRow>> {
  const stems = [...new Set([...uids].map(stemUid))];
  const current = new Map<string, VersionRow>();
  if (stems.length === 0) return current;
  const { dialect } = reader;
  const table = `lamindb_${kind}`;
  const list = dialect.valuesOf(stems);
  const rows = await reader.all<VersionRow>(
    `SELECT id, uid, branch_id, created_at FROM ${table}
     WHERE id ${dialect.among(idsOfFamilies(dialect, table, list.sql))}
       AND is_latest AND ${dialect.withoutIndex("branch_id")} IN (?, ?)`,
    [...list.parameters, branch, mainBranch],
  );
  for (const row of rows) {
    const stem = stemUid(row.uid);
    const other = current.get(stem);
    if (other === undefined || row.branch_id === branch) current.set(stem, row);
  }
  return current;
}

/**
 * Whether another version took the place of one: on the branch one sees the branch and main, and of
 * what lies elsewhere (another branch, the archive, the trash) only what is newer has.
 */
export function isReplaced<V extends VersionRow>(
  version: V,
  current: V | undefined,
  branch: number,
): current is V {
  if (current === undefined || current.id === version.id) return false;
  const isSeen = version.branch_id === branch || version.branch_id === mainBranch;
  return isSeen || current.created_at > version.created_at;
}
