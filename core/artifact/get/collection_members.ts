import type { Reader } from "../../../store/database/database.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { Selected } from "./select.ts";

/** The artifacts of a collection in their order (COMPAT §9), each to go to its whole key. */
export async function collectionMembers(
  reader: Reader,
  collectionId: number,
): Promise<Selected[]> {
  const links = await reader.all<{ artifact_id: number }>(
    "SELECT artifact_id FROM lamindb_collectionartifact WHERE collection_id = ? ORDER BY id",
    [collectionId],
  );
  const list = reader.dialect.valuesOf(links.map((link) => link.artifact_id));
  const rows = await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return links.flatMap((link) => {
    const row = byId.get(link.artifact_id);
    return row === undefined ? [] : [{ row, prefix: row.key === null ? undefined : "" }];
  });
}
