import type { RowOf } from "../../store/database/table.ts";
import type { artifact } from "../registry/lamindb/artifact.ts";

export type ArtifactRow = RowOf<typeof artifact>;

/** Folder of objects in a storage, relative to its root. */
export const objectsFolder = ".lamindb/objects";

/** The storage key of the object with this content (a folder's content is its manifest). */
export function objectName(sha256: string, suffix: string): string {
  return `${objectsFolder}/${sha256.slice(0, 2)}/${sha256}${suffix}`;
}

/** Length of the part of a uid that all versions share. */
const stemLength = 16;

/**
 * Where an artifact's bytes lie in its storage (COMPAT §5.2): a file, or a folder when the artifact
 * has `n_files`.
 */
export function storageKeyOf(
  row: Pick<
    ArtifactRow,
    "uid" | "key" | "_real_key" | "suffix" | "_key_is_virtual" | "_overwrite_versions"
  >,
): string {
  if (row._real_key !== null) return row._real_key;
  if (row.key !== null && !row._key_is_virtual) return row.key;
  const name = row._overwrite_versions ? row.uid.slice(0, stemLength) : row.uid;
  return `.lamindb/${name}${row.suffix}`;
}
