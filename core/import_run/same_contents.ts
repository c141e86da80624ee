import type { Reader } from "../../store/database/database.ts";
import { laminContent } from "../side_tables.ts";
import { trashBranch } from "../version/branch_ids.ts";
import type { FoundArtifact } from "./found_files.ts";

/** The artifacts that have one of the contents, by its SHA-256: the one that was made first. */
export async function sameContents(
  reader: Reader,
  wanted: readonly string[],
): Promise<Map<string, FoundArtifact>> {
  if (wanted.length === 0 || !(await reader.hasTable(laminContent.name))) return new Map();
  const list = reader.dialect.valuesOf([...new Set(wanted)]);
  const rows = await reader.all<{ id: number; uid: string; sha256: string }>(
    `SELECT artifact.id, artifact.uid, content.sha256 FROM ${laminContent.name} AS content
     JOIN lamindb_artifact AS artifact ON artifact.id = content.artifact_id
     WHERE content.sha256 ${reader.dialect.among(list.sql)} AND artifact.branch_id <> ?
       AND content.hash = artifact.hash ORDER BY artifact.id DESC`,
    [...list.parameters, trashBranch],
  );
  return new Map(rows.map(({ id, uid, sha256 }) => [sha256, { id: Number(id), uid }]));
}
