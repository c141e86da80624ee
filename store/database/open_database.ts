import { LaminError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Database } from "./database.ts";
import { LockedDatabase } from "./locked_database.ts";
import { leaveLog, locksWork, withoutLocks } from "./locks_work.ts";
import { hasLog, type Place, placeOf, type Wanted } from "./place.ts";
import { openSqlite } from "./sqlite.ts";
import { busyTimeoutMs, type SqliteOptions } from "./sqlite_connection.ts";
import { isDenied, isFull, mayLackLocks } from "./sqlite_failure.ts";
import { openUnlocked } from "./unlocked_database.ts";

/**
 * Opens a SQLite file that exists, wherever it lies: with SQLite's own locks where they work, with
 * a lock of ours where they fail, end at this machine, or where the folder of that lock is there
 * already. A write-ahead log is turned into a rollback journal where several machines may use the
 * file, as the log works on one only. One who may not write reads without locks where it must be,
 * and is told when that went wrong; so is one whose disk is full. A foreign one is read without
 * locks as well, unless something is under way there. `readOnly` forbids to change rows.
 *
 * Throws code "denied" when the file cannot be read, "damaged" when it is no database, "busy".
 */
export function openDatabase(host: Host, wanted: Wanted): Database {
  const place = placeOf(host, wanted);
  if (wanted.isForeign) return openForeign(place);
  try {
    const isAgreed = place.lock.exists() || !place.system.locksReachAll;
    return isAgreed ? openAlone(place) : openWithLocks(place);
  } catch (error) {
    if (isDenied(error) || isFull(error)) return openUnlocked(place, error);
    throw error;
  }
}

function openForeign(place: Place): Database {
  try {
    return openUnlocked(place, undefined);
  } catch (error) {
    // Changes that wait beside it; a read-only connection reads a log, and mends no journal.
    if (!(error instanceof LaminError && error.code === "denied")) throw error;
    return openSqlite({ ...place.sqlite, readOnly: true });
  }
}

function openWithLocks(place: Place): Database {
  const { host, system, sqlite } = place;
  try {
    if (system.isShared && hasLog(place)) leaveLog(sqlite.path);
    // Without waiting, so that a file system without locks is not waited for.
    return openMended({ ...sqlite, patienceMs: 0 });
  } catch (error) {
    if (!mayLackLocks(error)) throw error;
    const works = locksWork(host, place.folder);
    if (works === false) return openAlone(place);
    if (works === undefined) return openUnlocked(place, error);
    return isBusy(error) ? openMended(sqlite) : openWithoutSharing(place);
  }
}

/** There are locks, but no memory to share; unless the disk failed for a moment only. */
function openWithoutSharing(place: Place): Database {
  try {
    return openMended(place.sqlite);
  } catch (error) {
    if (!mayLackLocks(error) || isBusy(error) || !hasLog(place)) throw error;
    leaveLog(place.sqlite.path);
    return openMended(place.sqlite);
  }
}

function openAlone({ host, folder, lock, sqlite, ...others }: Place): Database {
  lock.make();
  const letGo = lock.acquire(busyTimeoutMs);
  try {
    // SQLite's locks are taken besides where there are any: Python knows no others.
    const parameters = locksWork(host, folder) === false ? withoutLocks(host) : undefined;
    if (hasLog({ host, folder, lock, sqlite, ...others })) leaveLog(sqlite.path, parameters);
    return new LockedDatabase(openMended({ ...sqlite, parameters }), lock);
  } finally {
    letGo();
  }
}

/** A journal that a crash left is written back by a connection that may write, and by no other. */
function openMended(sqlite: SqliteOptions): Database {
  try {
    return openSqlite(sqlite);
  } catch (error) {
    if (!sqlite.readOnly || !isDenied(error)) throw error;
    openSqlite({ ...sqlite, readOnly: false }).close();
    return openSqlite(sqlite);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof LaminError && error.code === "busy";
}
