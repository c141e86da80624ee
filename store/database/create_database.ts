import { DatabaseSync } from "node:sqlite";
import { LaminError } from "../errors.ts";
import { FileError, type Host } from "../host/host.ts";
import { allowAsFolder } from "../host/shared_access.ts";
import { ifThere } from "../objects/if_there.ts";
import type { Database } from "./database.ts";
import { LockedDatabase } from "./locked_database.ts";
import { locksWork, withoutLocks } from "./locks_work.ts";
import { type Place, placeOf } from "./place.ts";
import { createSqlite } from "./sqlite.ts";
import { busyTimeoutMs, type SqliteOptions } from "./sqlite_connection.ts";
import { databaseError, mayLackLocks } from "./sqlite_failure.ts";

export interface NewDatabase {
  readonly path: string;
  /** The name in the same folder that it gets when it is complete; others find it only then. */
  readonly finalPath?: string;
  /** Statements for the new file. */
  readonly setUp?: readonly string[];
  /** True for what may be lost at a power failure, though never damaged. */
  readonly isCache?: boolean;
}

/**
 * Makes a new SQLite file with the journal that its place can bear, and the folder of its lock
 * where it needs one; who may use the folder may use the file.
 *
 * Throws code "conflict" when there is a database already, "busy".
 */
export function createDatabase(host: Host, created: NewDatabase): Database {
  const place = placeOf(host, { ...created, path: created.finalPath ?? created.path });
  const isNew = makeFile(host, created.path);
  try {
    return create(place, created);
  } catch (error) {
    if (isNew) removeDatabase(host, created.path);
    throw error;
  }
}

function create(place: Place, created: NewDatabase): Database {
  if (!place.system.locksReachAll) place.lock.make();
  if (place.lock.exists()) return createAlone(place, created);
  const options = { ...place.sqlite, ...created };
  const journal = place.system.isShared ? "DELETE" : "WAL";
  try {
    // Without waiting, so that a file system without locks is not waited for.
    return createSqlite({ ...options, journal, patienceMs: 0 });
  } catch (error) {
    if (!mayLackLocks(error)) throw error;
    const isBusy = error instanceof LaminError && error.code === "busy";
    if (locksWork(place.host, place.folder) === false) {
      place.lock.make();
      return createAlone(place, created);
    }
    if (isBusy) return createSqlite({ ...options, journal });
    // There is no memory to share for a log, though the file says already that it has one.
    clear(place.host, created.path);
    return createSqlite({ ...options, journal: "DELETE" });
  }
}

function createAlone(place: Place, created: NewDatabase): Database {
  const { host, lock, folder, sqlite } = place;
  const parameters = locksWork(host, folder) === false ? withoutLocks(host) : undefined;
  const options: SqliteOptions = { ...sqlite, ...created, parameters, journal: "DELETE" };
  if (created.finalPath !== undefined) return createSqlite(options);
  const letGo = lock.acquire(busyTimeoutMs);
  try {
    return new LockedDatabase(createSqlite(options), lock);
  } finally {
    letGo();
  }
}

/** An empty file is an empty database; SQLite would give a new one to its owner only. */
function makeFile(host: Host, path: string): boolean {
  try {
    host.files.writeFile(path, new Uint8Array(), { createNew: true });
  } catch (error) {
    if (error instanceof FileError && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    allowAsFolder(host.files, path, 0o666);
  } catch (error) {
    removeDatabase(host, path);
    throw error;
  }
  return true;
}

/** Makes a file empty again after an attempt that failed. */
function clear(host: Host, path: string): void {
  removeAll(host, path, besides);
  host.files.writeFile(path, new Uint8Array());
}

/** Removes a database with what lies beside it. */
export function removeDatabase(host: Host, path: string): void {
  removeAll(host, path, [...besides, ""]);
}

/** Ends of the names of what SQLite puts beside a file. */
const besides = ["-wal", "-shm", "-journal"];

function removeAll({ files }: Host, path: string, ends: readonly string[]): void {
  for (const end of ends) ifThere(() => files.remove(path + end));
}

/**
 * Makes sure that all of a new database is in its file, which can then be renamed alone: closing it
 * brings the log there, but says nothing when there is no room for it.
 *
 * Throws as `Database.write` does.
 */
export function bringLogIn({ files }: Host, path: string): void {
  if ((files.stat(`${path}-wal`)?.size ?? 0) === 0) return;
  const handle = new DatabaseSync(path);
  try {
    handle.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  } catch (error) {
    throw databaseError(error, path);
  } finally {
    handle.close();
  }
}
