import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { presenceOf } from "../artifact/presence.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { laminManifestFile } from "../side_tables.ts";
import type { Unreferenced } from "./plan.ts";

/** A place where an artifact's bytes should lie, and what they are. */
interface Place {
  readonly storageId: number;
  readonly name: string;
  readonly sha256: string;
  readonly size: number | null;
  readonly isFolder: boolean;
}

/**
 * Those of the objects whose content an artifact has while its own bytes are not to be relied on:
 * they are missing or have another size, or lie where the user may change them. `fsck --repair` can
 * make them anew from these objects, which may be the last copy.
 */
export async function neededCopies(
  instance: Instance,
  reader: Reader,
  objects: readonly Unreferenced[],
): Promise<ReadonlySet<Unreferenced>> {
  const needed = new Set<Unreferenced>();
  if (objects.length === 0 || !(await instance.hasSideTables(reader))) return needed;
  const holders = await holdersOf(reader, objects);
  const hashes = [...holders.keys()];
  const files = (await artifactPlaces(reader, hashes)).filter(({ isFolder }) => !isFolder);
  const places = [...files, ...await memberPlaces(reader, hashes)];
  const presence = await presenceOf(instance, places);
  places.forEach(({ name, size, sha256 }, index) => {
    // Data in place is the user's, who may change it at any time.
    const isSound = typeof presence[index] === "number" && presence[index] === size;
    if (isSound && name.startsWith(".lamindb/")) return;
    for (const object of holders.get(sha256) ?? []) needed.add(object);
  });
  return needed;
}

/** Which objects hold a content: a file object its own, a folder its manifest's and each file's. */
async function holdersOf(
  reader: Reader,
  objects: readonly Unreferenced[],
): Promise<Map<string, Unreferenced[]>> {
  const holders = Map.groupBy(objects, ({ sha256 }) => sha256) as Map<string, Unreferenced[]>;
  const folders = Map.groupBy(objects.filter(({ isFolder }) => isFolder), ({ sha256 }) => sha256);
  const list = reader.dialect.valuesOf([...folders.keys()]);
  const files = reader.iterate<{ manifest: string; sha256: string }>(
    `SELECT manifest, sha256 FROM lamin_manifestfile WHERE manifest IN (${list.sql})`,
    list.parameters,
  );
  for await (const { manifest, sha256 } of files) {
    const known = holders.get(sha256) ?? [];
    holders.set(sha256, [...known, ...folders.get(manifest)!]);
  }
  return holders;
}

/** Where artifacts with one of these contents have their bytes. */
async function artifactPlaces(reader: Reader, hashes: readonly string[]): Promise<Place[]> {
  const list = reader.dialect.valuesOf(hashes);
  const contents = await reader.all<{ artifact_id: number; sha256: string }>(
    `SELECT artifact_id, sha256 FROM lamin_content WHERE sha256 IN (${list.sql})`,
    list.parameters,
  );
  const rows = await artifactsById(reader, contents.map(({ artifact_id }) => artifact_id));
  return contents.flatMap(({ artifact_id, sha256 }) => {
    const row = rows.get(artifact_id);
    if (row === undefined) return [];
    const isFolder = row.n_files !== null;
    const place = { storageId: row.storage_id, name: storageKeyOf(row) };
    return [{ ...place, sha256, size: row.size, isFolder }];
  });
}

/** Where folder artifacts have files with one of these contents. */
async function memberPlaces(reader: Reader, hashes: readonly string[]): Promise<Place[]> {
  const list = reader.dialect.valuesOf(hashes);
  const files = await reader.select(
    laminManifestFile,
    `sha256 IN (${list.sql}) AND manifest IN (SELECT c.sha256 FROM lamin_content AS c
       JOIN lamindb_artifact AS a ON a.id = c.artifact_id WHERE c.is_folder)`,
    list.parameters,
  );
  const manifests = [...new Set(files.map(({ manifest }) => manifest))];
  const folders = Map.groupBy(await artifactPlaces(reader, manifests), ({ sha256 }) => sha256);
  return files.flatMap(({ manifest, path, size, sha256 }) =>
    (folders.get(manifest) ?? []).map(({ storageId, name }) => ({
      storageId,
      name: `${name}/${path}`,
      sha256,
      size,
      isFolder: false,
    }))
  );
}

async function artifactsById(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, ArtifactRow>> {
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  return new Map(rows.map((row) => [row.id, row]));
}
