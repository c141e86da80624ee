import type { Reader } from "../../store/database/database.ts";
import { laminContent } from "../side_tables.ts";
import type { ArtifactRow } from "./storage_key.ts";

/** Which bytes an artifact has, as far as is known without reading them. */
export interface Content {
  readonly sha256: string;
  readonly isFolder: boolean;
}

/**
 * The noted content of artifacts, by artifact id. Artifacts that only Python wrote and that were
 * never hashed here are left out, as are those whose bytes Python replaced since.
 */
export async function contentsOf(
  reader: Reader,
  artifacts: readonly Pick<ArtifactRow, "id" | "hash">[],
): Promise<Map<number, Content>> {
  const contents = new Map<number, Content>();
  if (artifacts.length === 0 || !(await reader.hasTable(laminContent.name))) return contents;
  const ids = reader.dialect.valuesOf(artifacts.map((row) => row.id));
  const among = reader.dialect.among(ids.sql);
  const rows = await reader.select(laminContent, `artifact_id ${among}`, ids.parameters);
  const noted = new Map(rows.map((row) => [row.artifact_id, row]));
  for (const { id, hash } of artifacts) {
    const row = noted.get(id);
    if (row === undefined || row.hash !== hash) continue;
    contents.set(id, { sha256: row.sha256, isFolder: row.is_folder });
  }
  return contents;
}
