import type { Changes } from "../../operation/changes.ts";
import { laminContent, laminManifestFile, laminObject } from "../../side_tables.ts";
import { type ArtifactRow, objectName } from "../storage_key.ts";
import type { Prepared } from "./prepared.ts";

/** A new artifact and the content that it has. */
interface NewContent {
  readonly artifactId: number;
  /** The artifact's LaminDB hash. */
  readonly hash: string;
  readonly prepared: Prepared;
}

/**
 * Notes the content of new artifacts, the objects that hold it in a storage (none for data that
 * stays where it lies) and the files of folders.
 */
export async function recordContents(
  changes: Changes,
  contents: readonly NewContent[],
  storageId: number | undefined,
): Promise<void> {
  await changes.insert(
    laminContent,
    contents.map(({ artifactId, hash, prepared }) => ({
      artifact_id: artifactId,
      sha256: prepared.sha256,
      is_folder: prepared.manifest !== undefined,
      hash,
    })),
  );
  await recordStored(changes, contents.map(({ prepared }) => prepared), storageId);
}

async function recordStored(
  changes: Changes,
  prepared: readonly Prepared[],
  storageId: number | undefined,
): Promise<void> {
  if (storageId !== undefined) {
    const objects = prepared.map((one) => ({ ...one, name: objectName(one.sha256, one.suffix) }));
    await recordObjects(changes, objects, storageId);
  }
  await recordManifests(changes, prepared);
}

/** An object that a storage has. */
type NewObject = Pick<Prepared, "sha256" | "size" | "manifest"> & { readonly name: string };

/** Notes those objects of a storage that are not noted yet. */
export async function recordObjects(
  changes: Changes,
  stored: readonly NewObject[],
  storageId: number,
): Promise<void> {
  const objects = new Map(
    stored.map(({ name, sha256, size, manifest }) => [
      name,
      { storage_id: storageId, name, sha256, size, is_folder: manifest !== undefined },
    ]),
  );
  const { dialect } = changes.reader;
  const list = dialect.valuesOf([...objects.keys()]);
  const known = objects.size === 0 ? [] : await changes.reader.select(
    laminObject,
    `name ${dialect.among(list.sql)} AND storage_id = ?`,
    [...list.parameters, storageId],
  );
  for (const { name } of known) objects.delete(name);
  await changes.insert(laminObject, [...objects.values()]);
}

/** Notes the files of those folders that are not noted yet. */
export async function recordManifests(
  changes: Changes,
  prepared: readonly Pick<Prepared, "sha256" | "manifest">[],
): Promise<void> {
  const manifests = new Map(
    prepared.flatMap(({ sha256, manifest }) =>
      manifest === undefined ? [] : [[sha256, manifest] as const]
    ),
  );
  if (manifests.size === 0) return;
  const list = changes.reader.dialect.valuesOf([...manifests.keys()]);
  const known = await changes.reader.all<{ manifest: string }>(
    `SELECT DISTINCT manifest FROM lamin_manifestfile WHERE manifest IN (${list.sql})`,
    list.parameters,
  );
  for (const { manifest } of known) manifests.delete(manifest);
  for (const [manifest, files] of manifests) {
    await changes.insert(
      laminManifestFile,
      files.map(({ path, size, sha256 }) => ({ manifest, path, size, sha256 })),
    );
  }
}

/** An artifact that was there without its bytes, and what brought them. */
export interface Arrived {
  readonly row: ArtifactRow;
  readonly prepared: Prepared;
}

/** Notes the objects of artifacts whose bytes came, and their contents where nobody knew them. */
export async function recordArrived(
  changes: Changes,
  arrived: readonly Arrived[],
  storageId: number,
): Promise<void> {
  if (arrived.length === 0) return;
  const ids = changes.reader.dialect.valuesOf(arrived.map(({ row }) => row.id));
  const noted = await changes.reader.select(
    laminContent,
    `artifact_id IN (${ids.sql})`,
    ids.parameters,
  );
  const known = new Set(noted.map(({ artifact_id }) => artifact_id));
  const [old, fresh] = [
    arrived.filter(({ row }) => known.has(row.id)),
    arrived.filter(({ row }) => !known.has(row.id)),
  ];
  await recordContents(
    changes,
    fresh.map(({ row, prepared }) => ({ artifactId: row.id, hash: row.hash!, prepared })),
    storageId,
  );
  await recordStored(changes, old.map(({ prepared }) => prepared), storageId);
}
