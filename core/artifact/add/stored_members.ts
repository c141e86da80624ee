import type { Instance } from "../../instance/instance.ts";
import { laminManifestFile } from "../../side_tables.ts";
import { contentsOf } from "../content.ts";
import { rowsWithKeys } from "../families.ts";
import { storageKeyOf } from "../storage_key.ts";
import type { Source } from "./source.ts";

/**
 * Names under which the store has the files of earlier versions of folder sources, by SHA-256, so
 * that a new version of a folder stores only what changed.
 */
export async function storedMembersOf(
  instance: Instance,
  sources: readonly Source[],
): Promise<ReadonlyMap<string, string>> {
  const members = new Map<string, string>();
  const keys = sources.flatMap(({ isFolder, key }) => isFolder && key !== null ? [key] : []);
  if (keys.length === 0) return members;
  await instance.database.read(async (reader) => {
    if (!(await instance.hasSideTables(reader))) return;
    const rows = (await rowsWithKeys(reader, [instance.storage.id], keys))
      .filter((row) => row._real_key?.startsWith(".lamindb/objects/"));
    const folders = new Map<string, string>();
    const contents = await contentsOf(reader, rows);
    for (const row of rows) {
      const sha256 = contents.get(row.id)?.sha256;
      if (sha256 !== undefined) folders.set(sha256, storageKeyOf(row));
    }
    const list = reader.dialect.valuesOf([...folders.keys()]);
    const files = await reader.select(
      laminManifestFile,
      `manifest IN (${list.sql})`,
      list.parameters,
    );
    for (const file of files) {
      members.set(file.sha256, `${folders.get(file.manifest)!}/${file.path}`);
    }
  });
  return members;
}
