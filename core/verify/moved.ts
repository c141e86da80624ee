import type { Reader } from "../../store/database/database.ts";
import { storeOrUndefined } from "../artifact/presence.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import type { Expectation } from "../fsck/expectation.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { laminContent } from "../side_tables.ts";

/** Where else the bytes of an artifact may lie. */
export interface OtherPlace {
  /** As the instance that manages it has it, with the root where it is. */
  readonly storage: StorageRow;
  readonly name: string;
  /** What they should be, there. */
  readonly expectation: Expectation;
}

/**
 * Where the instance that manages the storage of an artifact has it by now: the same artifact, else
 * one with the same content; nothing of it is looked at. Places that this instance may not ask are
 * left out, as is the one where it was not.
 */
export async function otherPlaces(
  manager: Instance,
  known: StorageRow,
  expectation: Expectation,
): Promise<OtherPlace[]> {
  const { row, name } = expectation;
  const { content } = expectation;
  const sha256 = content.kind === "file" ? content.file.sha256 : content.sha256;
  const rows = await manager.database.read(async (reader) => [
    ...await reader.select(artifact, "uid = ?", [row.uid]),
    ...await withContent(manager, reader, sha256),
  ]);
  const places = new Map<string, OtherPlace>();
  for (const there of rows) {
    if (!isSameContent(there, row)) continue;
    const storage = manager.storages.get(there.storage_id);
    const place = storageKeyOf(there);
    if (storage === undefined) continue;
    if (storage.uid === known.uid && storage.root === known.root && place === name) continue;
    const blobs = storeOrUndefined(manager, storage.id);
    if (blobs === undefined) continue;
    places.set(`${storage.id}/${place}`, {
      storage,
      name: place,
      expectation: { ...placed(expectation, place), blobs },
    });
  }
  return [...places.values()];
}

function placed(expectation: Expectation, name: string): Expectation {
  const { content } = expectation;
  return content.kind === "file"
    ? { ...expectation, name, content: { ...content, file: { ...content.file, name } } }
    : { ...expectation, name };
}

/** LaminDB's hash has to be the same too: it goes with the row, whatever it is worth. */
function isSameContent(there: ArtifactRow, here: ArtifactRow): boolean {
  return there.hash === here.hash && there.size === here.size &&
    (there.n_files === null) === (here.n_files === null);
}

async function withContent(
  manager: Instance,
  reader: Reader,
  sha256: string | undefined,
): Promise<ArtifactRow[]> {
  if (sha256 === undefined || !(await manager.hasSideTables(reader))) return [];
  return await reader.select(
    artifact,
    `id IN (SELECT artifact_id FROM ${laminContent.name} WHERE sha256 = ?) ORDER BY id LIMIT 10`,
    [sha256],
  );
}
