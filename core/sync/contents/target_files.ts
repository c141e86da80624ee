import type { Reader } from "../../../store/database/database.ts";
import { sizesOf } from "../../artifact/sizes_of.ts";
import type { Instance } from "../../instance/instance.ts";
import { laminManifestFile, laminObject } from "../../side_tables.ts";

/** A file of an object that the target is to have. */
export interface WantedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** Names of those files that the target has already, all asked for together. */
export async function presentFiles(
  target: Instance,
  wanted: readonly Pick<WantedFile, "name" | "size">[],
): Promise<ReadonlySet<string>> {
  const sizes = await sizesOf(target.blobs, wanted.map(({ name }) => name));
  return new Set(wanted.flatMap(({ name, size }) => sizes.get(name) === size ? [name] : []));
}

/**
 * Names under which the target has files of folders already, by SHA-256: another folder with the
 * same file need not get it again.
 */
export async function storedMembers(
  target: Instance,
  wanted: readonly WantedFile[],
): Promise<ReadonlyMap<string, string>> {
  const sizes = new Map(wanted.map(({ sha256, size }) => [sha256, size]));
  const noted = await target.database.read((reader) => notedMembers(target, reader, sizes));
  const present = await presentFiles(
    target,
    [...noted].map(([sha256, name]) => ({ name, size: sizes.get(sha256)! })),
  );
  return new Map([...noted].filter(([, name]) => present.has(name)));
}

async function notedMembers(
  target: Instance,
  reader: Reader,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, string>> {
  if (sizes.size === 0 || !(await target.hasSideTables(reader))) return new Map();
  const list = reader.dialect.valuesOf([...sizes.keys()]);
  const rows = await reader.all<{ sha256: string; folder: string; path: string }>(
    `SELECT f.sha256, o.name AS folder, f.path FROM ${laminManifestFile.name} AS f
     JOIN ${laminObject.name} AS o ON o.sha256 = f.manifest AND o.is_folder AND o.storage_id = ?
     WHERE f.sha256 IN (${list.sql})`,
    [target.storage.id, ...list.parameters],
  );
  return new Map(rows.map(({ sha256, folder, path }) => [sha256, `${folder}/${path}`]));
}
