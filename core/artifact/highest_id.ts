import type { Reader } from "../../store/database/database.ts";

/** The highest id of an artifact, 0 when there is none: about how many there are, at once. */
export async function highestArtifactId(reader: Reader): Promise<number> {
  const row = await reader.first<{ id: number | null }>(
    "SELECT max(id) AS id FROM lamindb_artifact",
  );
  return row?.id ?? 0;
}
