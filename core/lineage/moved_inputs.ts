import type { Reader } from "../../store/database/database.ts";
import { mainBranch } from "../version/branch_ids.ts";
import { currentVersions, isReplaced, type VersionRow } from "./current_versions.ts";
import type { DataKind } from "./edges.ts";

/** Ids of what some run read and another version took the place of, as the branch sees it. */
export async function movedInputs(
  reader: Reader,
  kind: DataKind,
  branch: number,
): Promise<number[]> {
  const rows = await candidates(reader, kind, branch);
  const current = await currentVersions(reader, kind, rows.map(({ uid }) => uid), branch);
  return rows.filter((row) => isReplaced(row, current.get(row.uid.slice(0, -4)), branch))
    .map(({ id }) => Number(id));
}

/** Old versions that were read and, on a branch of its own, those with a version on it. */
async function candidates(reader: Reader, kind: DataKind, branch: number): Promise<VersionRow[]> {
  const table = `lamindb_${kind}`;
  const { textSigns } = reader.dialect;
  const isAhead = branch === mainBranch ? "" : `OR EXISTS (
    SELECT 1 FROM ${table} AS ahead
    WHERE ahead.uid ${textSigns[">="]} (substr(version.uid, 1, 16) || '0000')
      AND ahead.uid ${textSigns["<="]} (substr(version.uid, 1, 16) || 'zzzz')
      AND ahead.is_latest AND ahead.branch_id = ? AND ahead.id <> version.id)`;
  return await reader.all<VersionRow>(
    `SELECT version.id, version.uid, version.branch_id, version.created_at
     FROM (SELECT DISTINCT ${kind}_id AS id FROM lamindb_${kind}_input_of_runs) AS read
       JOIN ${table} AS version ON version.id = read.id
     WHERE NOT version.is_latest ${isAhead}`,
    branch === mainBranch ? [] : [branch],
  );
}
