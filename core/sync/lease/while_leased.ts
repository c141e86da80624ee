import type { Reader } from "../../../store/database/database.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import { type ArtifactRow, objectsFolder, storageKeyOf } from "../../artifact/storage_key.ts";
import { placeColumns } from "../../gc/references.ts";
import type { Instance } from "../../instance/instance.ts";
import { keepsLedger } from "../note_own.ts";
import { beginLease, holderOf, narrowLease } from "./hold.ts";

/** What came of work during which a source knows that it is read. */
export interface WhileLeased<T> {
  readonly result: T;
  /** False where the source cannot be written, and so does not know. */
  readonly isKnown: boolean;
  /** Storages of third instances that came through the source, which cannot be told now. */
  readonly elsewhere: readonly ReadElsewhere[];
}

export interface ReadElsewhere {
  readonly root: string;
  /** How many artifacts of the target lie there. */
  readonly artifacts: number;
}

/**
 * Does work after which the target refers to contents of the source, which is told before: then
 * its `gc` leaves all that it has until it is known what the target refers to, and that from then
 * on. A death within leaves it at all, until the same is done again.
 */
export async function whileLeased<T>(
  source: Instance,
  target: Instance,
  work: () => Promise<T>,
): Promise<WhileLeased<T>> {
  const elsewhere = () => target.database.read((reader) => readElsewhere(source, target, reader));
  if (!(await keepsLedger(source))) {
    return { result: await work(), isKnown: false, elsewhere: await elsewhere() };
  }
  const holder = await holderOf(target);
  const begun = await beginLease(source, holder);
  try {
    return { result: await work(), isKnown: true, elsewhere: await elsewhere() };
  } finally {
    const names = await target.database.read((reader) => namesReferredTo(source, target, reader));
    await narrowLease(source, holder, begun, names);
  }
}

/** Objects of the source's storages that rows of the target refer to, by the source's id. */
async function namesReferredTo(
  source: Instance,
  target: Instance,
  reader: Reader,
): Promise<Map<number, string[]>> {
  const managed = new Set(source.managedStorageIds);
  const theirs = new Map(
    [...source.storages.values()].filter(({ id }) => managed.has(id))
      .map(({ uid, id }) => [uid, id]),
  );
  const names = new Map<number, string[]>();
  // One that came just now is not among those that were known when the instance was opened.
  const storages = await reader.all<{ id: number; uid: string }>(
    "SELECT id, uid FROM lamindb_storage",
  );
  for (const { id, uid } of storages) {
    const there = theirs.get(uid);
    if (there === undefined || target.managedStorageIds.includes(id)) continue;
    names.set(there, await objectsIn(reader, id));
  }
  return names;
}

async function readElsewhere(
  source: Instance,
  target: Instance,
  reader: Reader,
): Promise<ReadElsewhere[]> {
  const managed = new Set(source.managedStorageIds);
  const others = [...source.storages.values()].filter(({ id, instance_uid }) =>
    !managed.has(id) && instance_uid !== null && instance_uid !== target.ownStorage.instance_uid
  );
  if (others.length === 0) return [];
  const list = reader.dialect.valuesOf(others.map(({ uid }) => uid));
  const rows = await reader.all<{ root: string; artifacts: number }>(
    `SELECT storage.root, count(*) AS artifacts FROM lamindb_artifact AS artifact
     JOIN lamindb_storage AS storage ON storage.id = artifact.storage_id
     WHERE storage.uid IN (${list.sql}) GROUP BY storage.root ORDER BY storage.root`,
    list.parameters,
  );
  return rows.map(({ root, artifacts }) => ({
    root: withoutPassword(root),
    artifacts: Number(artifacts),
  }));
}

async function objectsIn(reader: Reader, storageId: number): Promise<string[]> {
  const rows = reader.iterate<Parameters<typeof storageKeyOf>[0] & Pick<ArtifactRow, "uid">>(
    `SELECT ${placeColumns} FROM lamindb_artifact WHERE storage_id = ?`,
    [storageId],
  );
  const found: string[] = [];
  for await (const row of rows) {
    const name = storageKeyOf(row);
    if (name.startsWith(`${objectsFolder}/`)) found.push(name);
  }
  return found;
}
