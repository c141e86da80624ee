import { DatabaseSync } from "node:sqlite";
import type { Host } from "../host/host.ts";
import { join } from "../path.ts";
import { locationOf } from "./sqlite_connection.ts";
import { databaseError, isLockRefused, mayLackLocks } from "./sqlite_failure.ts";

/**
 * Whether SQLite can lock files in a folder, tried on a file that nobody else knows. Undefined
 * where that cannot be tried, since no file can be made there. Throws code "failed" when the disk
 * fails, which says nothing of locks.
 */
export function locksWork(host: Host, folder: string): boolean | undefined {
  const path = join(folder, `locks-${host.randomBytes(8).toHex()}.db`);
  let handle: DatabaseSync | undefined;
  try {
    handle = new DatabaseSync(path);
    // Not by exec, whose failures under Deno do not tell which call of the system it was.
    handle.prepare("BEGIN EXCLUSIVE").run();
    handle.exec("ROLLBACK");
    return true;
  } catch (error) {
    if (isLockRefused(error)) return false;
    if (mayLackLocks(error)) throw databaseError(error, path);
    return undefined;
  } finally {
    handle?.close();
    if (host.files.lstat(path) !== null) host.files.remove(path);
  }
}

/** Parameters by which SQLite takes no locks of its own on a file. */
export function withoutLocks(host: Host): string {
  return host.platform === "windows" ? "vfs=win32-none" : "vfs=unix-none";
}

/** How long to wait for others to close the file, in milliseconds. */
const patienceMs = 5000;

/**
 * Turns a write-ahead log into a rollback journal, with all that the log holds. It needs no memory
 * that processes share, and nobody else may have the file open.
 *
 * Throws code "busy" when somebody has it open, "denied" when it may not be written.
 */
export function leaveLog(path: string, parameters?: string): void {
  const location = locationOf({ path, parameters, now: () => new Date() });
  const handle = new DatabaseSync(location, { timeout: patienceMs });
  try {
    handle.exec("PRAGMA locking_mode = EXCLUSIVE");
    handle.exec("PRAGMA journal_mode = DELETE");
  } catch (error) {
    throw databaseError(error, path);
  } finally {
    handle.close();
  }
}
