import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Instance } from "../instance/instance.ts";
import { laminObject } from "../side_tables.ts";
import { type ArrivalRow, laminArrival } from "../sync/tables.ts";
import { nameOf } from "./content_files.ts";
import { presenceOf } from "./presence.ts";
import { type ArtifactRow, objectsFolder, storageKeyOf } from "./storage_key.ts";

/** What tells whether the bytes of an artifact have arrived. */
export type AwaitedRow = Pick<
  ArtifactRow,
  | "id"
  | "uid"
  | "key"
  | "_real_key"
  | "suffix"
  | "_key_is_virtual"
  | "_overwrite_versions"
  | "storage_id"
  | "n_files"
>;

/** The columns of {@link AwaitedRow}, for queries that need no more. */
export const awaitedColumns =
  "id, uid, key, _real_key, suffix, _key_is_virtual, _overwrite_versions, storage_id, n_files";

/**
 * Those of some artifacts that came from another instance and whose bytes nobody noted as stored
 * since, with what the user called that instance, by artifact id. Whether the bytes lie there all
 * the same is not looked at. One query where nothing ever came from elsewhere.
 */
export async function awaitedAmong(
  instance: Instance,
  reader: Reader,
  rows: readonly AwaitedRow[],
): Promise<ReadonlyMap<number, string>> {
  const awaited = new Map<number, string>();
  if (rows.length === 0 || !(await reader.hasTable(laminArrival.name))) return awaited;
  const arrivals = await reader.select(laminArrival, "TRUE ORDER BY first_id, id");
  const managed = new Set(instance.managedStorageIds);
  const arrived = rows.flatMap((row) => {
    const remote = managed.has(row.storage_id) ? remoteOf(arrivals, row.id) : undefined;
    return remote === undefined ? [] : [{ row, remote }];
  });
  const stored = await storedNames(reader, arrived.map(({ row }) => storageKeyOf(row)));
  for (const { row, remote } of arrived) {
    if (!stored.has(`${row.storage_id}/${storageKeyOf(row)}`)) awaited.set(row.id, remote);
  }
  return awaited;
}

/**
 * Those of some artifacts that are not fetched: their rows came from another instance, and their
 * bytes did not come yet. That is no damage. With what the user called the instance that has them,
 * by artifact id; one look at the bytes of those in doubt, all together.
 */
export async function notFetchedAmong(
  instance: Instance,
  rows: readonly AwaitedRow[],
): Promise<ReadonlyMap<number, string>> {
  const awaited = await instance.database.read((reader) => awaitedAmong(instance, reader, rows));
  return await absentAmong(instance, rows, awaited);
}

/**
 * Those of the awaited artifacts whose bytes are really not there. A folder of ours may be there in
 * part, as a fetch that was interrupted left it: it is there once its object is noted.
 */
export async function absentAmong(
  instance: Instance,
  rows: readonly AwaitedRow[],
  awaited: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, string>> {
  if (awaited.size === 0) return awaited;
  const doubtful = rows.filter(({ id }) => awaited.has(id));
  const isPartial = (row: AwaitedRow) => row.n_files !== null && isObject(row);
  const presence = await presenceOf(
    instance,
    doubtful.map((row) => ({
      storageId: row.storage_id,
      name: storageKeyOf(row),
      isFolder: row.n_files !== null,
    })),
  );
  const absent = doubtful.filter((row, index) => presence[index] === null || isPartial(row));
  return new Map(absent.map(({ id }) => [id, awaited.get(id)!]));
}

/**
 * Those that are not fetched, or whose object is there without a note of it, as a fetch that was
 * interrupted leaves it: whoever has their bytes in hand is to store and note them. With what the
 * user called the instance that they came from, by artifact id.
 */
export async function unstoredAmong(
  instance: Instance,
  reader: Reader,
  rows: readonly AwaitedRow[],
): Promise<ReadonlyMap<number, string>> {
  const awaited = await awaitedAmong(instance, reader, rows);
  const absent = await absentAmong(instance, rows.filter((row) => !isObject(row)), awaited);
  const unstored = rows.filter((row) =>
    absent.has(row.id) || (awaited.has(row.id) && isObject(row))
  );
  return new Map(unstored.map(({ id }) => [id, awaited.get(id)!]));
}

/** As `notFetchedAmong`, of artifacts of which only the ids are known. */
export async function notFetchedIds(
  instance: Instance,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await instance.database.read(async (reader) => {
    if (!(await reader.hasTable(laminArrival.name))) return [];
    const list = reader.dialect.valuesOf(ids);
    return await reader.all<AwaitedRow>(
      `SELECT ${awaitedColumns} FROM lamindb_artifact WHERE id IN (${list.sql})`,
      list.parameters,
    );
  });
  return await notFetchedAmong(instance, rows);
}

/** Whether the bytes of an artifact lie among the objects. */
function isObject(row: AwaitedRow): boolean {
  return storageKeyOf(row).startsWith(`${objectsFolder}/`);
}

/** The failure for bytes that did not come yet. */
export function notFetchedError(row: Pick<ArtifactRow, "uid" | "key">): LaminError {
  return new LaminError("not_fetched", `the bytes of ${nameOf(row)} are not fetched yet`, {
    hint: `'lamin fetch ${row.key ?? row.uid}' brings them from where they are`,
    data: { uid: row.uid, key: row.key },
  });
}

/** The ranges are sorted, and an id is given once: only one of them can have it. */
function remoteOf(arrivals: readonly ArrivalRow[], id: number): string | undefined {
  let [low, high] = [0, arrivals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (arrivals[middle]!.first_id <= id) low = middle + 1;
    else high = middle;
  }
  const last = arrivals[low - 1];
  return last !== undefined && last.last_id >= id ? last.remote : undefined;
}

/** Names of objects that are noted as stored, with their storage's id before them. */
async function storedNames(
  reader: Reader,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0 || !(await reader.hasTable(laminObject.name))) return new Set();
  const list = reader.dialect.valuesOf([...new Set(names)]);
  const rows = await reader.all<{ storage_id: number; name: string }>(
    `SELECT storage_id, name FROM ${laminObject.name} WHERE name IN (${list.sql})`,
    list.parameters,
  );
  return new Set(rows.map(({ storage_id, name }) => `${storage_id}/${name}`));
}
