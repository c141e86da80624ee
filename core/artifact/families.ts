import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { idsOfFamilies } from "../version/family.ts";
import type { ArtifactRow } from "./storage_key.ts";

/** Rows with these keys in some storages, of every branch. */
export async function rowsWithKeys(
  reader: Reader,
  storageIds: readonly number[],
  keys: readonly string[],
): Promise<ArtifactRow[]> {
  if (keys.length === 0) return [];
  const list = reader.dialect.valuesOf(keys);
  const rows = await reader.select(
    artifact,
    `key ${reader.dialect.among(list.sql)}`,
    list.parameters,
  );
  return rows.filter((row) => storageIds.includes(row.storage_id));
}

/** Rows without a key that have one of these hashes in some storages, of every branch. */
export async function keylessRowsWithHashes(
  reader: Reader,
  storageIds: readonly number[],
  hashes: readonly string[],
): Promise<ArtifactRow[]> {
  if (hashes.length === 0) return [];
  const list = reader.dialect.valuesOf(hashes);
  const sql = `key IS NULL AND hash ${reader.dialect.among(list.sql)}`;
  const rows = await reader.select(artifact, sql, list.parameters);
  return rows.filter((row) => storageIds.includes(row.storage_id));
}

/** Every version of the families that the rows belong to, the rows themselves included. */
export async function versionsOf(
  reader: Reader,
  rows: readonly Pick<ArtifactRow, "uid">[],
): Promise<ArtifactRow[]> {
  if (rows.length === 0) return [];
  const stems = [...new Set(rows.map((row) => stemUid(row.uid)))];
  const { dialect } = reader;
  const list = dialect.valuesOf(stems);
  return await reader.select(
    artifact,
    `id ${dialect.among(idsOfFamilies(dialect, artifact.name, list.sql))}`,
    list.parameters,
  );
}
