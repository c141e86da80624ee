import type { Reader } from "../../store/database/database.ts";
import type { AddedAll } from "../artifact/add/added.ts";
import type { FoundArtifact } from "./found_files.ts";

/** The artifacts that files became or were already, by their keys. */
export async function addedArtifacts(
  reader: Reader,
  added: AddedAll,
  unchanged: readonly number[],
): Promise<Map<string, FoundArtifact>> {
  const ids = [...unchanged, ...[...added].flatMap(({ id }) => id ?? [])];
  if (ids.length === 0) return new Map();
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.all<{ id: number; uid: string; key: string }>(
    `SELECT id, uid, key FROM lamindb_artifact WHERE id IN (${list.sql})`,
    list.parameters,
  );
  return new Map(rows.map(({ id, uid, key }) => [key, { id: Number(id), uid }]));
}
