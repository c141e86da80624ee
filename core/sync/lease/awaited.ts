import type { Reader } from "../../../store/database/database.ts";
import { objectsFolder } from "../../artifact/storage_key.ts";
import { identityOf } from "../../instance/identity.ts";
import type { Instance } from "../../instance/instance.ts";
import { laminObject } from "../../side_tables.ts";
import { laminArrival, laminAwaited } from "../tables.ts";
import { namesIn } from "./hold.ts";

/** Names of objects by the id of the source's storage. */
export type AwaitedNames = ReadonlyMap<number, readonly string[]>;

/**
 * The objects of a source that rows of the target came to know from it and that are not fetched
 * yet, where the source has noted others; undefined where it knows, or keeps no such notes, as what
 * was only written by Python, or may run what it did not write itself.
 */
export async function unknownAwaited(
  source: Instance,
  target: Instance,
): Promise<AwaitedNames | undefined> {
  if (source.schema.state !== "known") return undefined;
  const { uid } = await identityOf(source);
  const names = await target.database.read((reader) => awaitedNames(target, reader, uid));
  const reader = await identityOf(target);
  return await source.database.read(async (there) => {
    if (!(await source.hasSideTables(there)) || await hasTriggers(there)) return undefined;
    const noted = await notedNames(there, reader.uid);
    const wanted = await byStorage(source, there, names);
    const isNoted = [...wanted].every(([id, own]) => own.join() === noted.get(id)?.join()) &&
      noted.size === wanted.size;
    return isNoted ? undefined : wanted;
  });
}

async function awaitedNames(target: Instance, reader: Reader, sourceUid: string) {
  if (!(await reader.hasTable(laminArrival.name))) return [];
  const storages = reader.dialect.valuesOf(target.managedStorageIds);
  // By the ids of those that came, in their order: most artifacts are in one of the storages.
  const rows = await reader.all<{ name: string }>(
    `SELECT _real_key AS name FROM lamin_arrival AS arrival
     CROSS JOIN lamindb_artifact AS artifact
     WHERE arrival.instance_uid = ? AND artifact.id BETWEEN first_id AND last_id
       AND _real_key LIKE '${objectsFolder}/%' AND artifact.storage_id + 0 IN (${storages.sql})
       AND NOT EXISTS (SELECT 1 FROM lamin_object AS object
         WHERE object.storage_id = artifact.storage_id AND object.name = artifact._real_key)`,
    [sourceUid, ...storages.parameters],
  );
  return [...new Set(rows.map(({ name }) => name))].sort();
}

async function notedNames(reader: Reader, readerUid: string): Promise<AwaitedNames> {
  if (!(await reader.hasTable(laminAwaited.name))) return new Map();
  const rows = await reader.select(laminAwaited, "reader_uid = ? ORDER BY id", [readerUid]);
  const noted = new Map<number, string[]>();
  for (const { storage_id, names } of rows) {
    const own = noted.get(storage_id) ?? [];
    noted.set(storage_id, own);
    for (const name of namesIn(names)) own.push(name);
  }
  return noted;
}

/** Names that are looked up at once. */
const batchSize = 5000;

async function byStorage(
  source: Instance,
  reader: Reader,
  names: readonly string[],
): Promise<AwaitedNames> {
  const managed = new Set(source.managedStorageIds);
  // Where there is one place, it costs less to say a name that may not be there than to look.
  if (managed.size === 1) return new Map(names.length === 0 ? [] : [[[...managed][0]!, names]]);
  const found = new Map<number, string[]>();
  for (let start = 0; start < names.length; start += batchSize) {
    const list = reader.dialect.valuesOf(names.slice(start, start + batchSize));
    const rows = await reader.all<{ storage_id: number; name: string }>(
      `SELECT storage_id, name FROM ${laminObject.name} WHERE name IN (${list.sql})`,
      list.parameters,
    );
    for (const { storage_id, name } of rows) {
      if (!managed.has(storage_id)) continue;
      const own = found.get(storage_id) ?? [];
      own.push(name);
      found.set(storage_id, own);
    }
  }
  for (const own of found.values()) own.sort();
  return found;
}

/** A note that somebody else's trigger answers might be anything: then none is made. */
async function hasTriggers(reader: Reader): Promise<boolean> {
  if (reader.dialect.name !== "sqlite") return false;
  const rows = await reader.all("SELECT 1 FROM sqlite_master WHERE type = 'trigger' LIMIT 1");
  return rows.length > 0;
}
