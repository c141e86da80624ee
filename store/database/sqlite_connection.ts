import { DatabaseSync } from "node:sqlite";
import type { FileStat } from "../host/host.ts";
import { databaseError, isDenied } from "./sqlite_failure.ts";

/** How long a transaction waits for another process, in milliseconds, before it is "busy". */
export const busyTimeoutMs = 60_000;

export interface SqliteOptions {
  readonly path: string;
  readonly readOnly?: boolean;
  /** What SQLite is to know of the file beside its path, as in a query of its URIs. */
  readonly parameters?: string | undefined;
  /** How long to wait for other processes, in milliseconds; `busyTimeoutMs` unless given. */
  readonly patienceMs?: number;
  /** Journal of a new file; a write-ahead log unless given. */
  readonly journal?: "WAL" | "DELETE";
  /** Statements for a new file, after its journal is chosen. */
  readonly setUp?: readonly string[];
  readonly now: () => Date;
  /** Looks at files, for stamps; without it there are none. */
  readonly stat?: (path: string) => FileStat | null;
  /** Sets the time at which a file was changed, in milliseconds. */
  readonly setModified?: (path: string, ms: number) => void;
  /** True for what may be lost at a power failure, though never damaged. */
  readonly isCache?: boolean;
}

/**
 * Opens the file as it may be opened: to write, else to read. Throws code "denied" when it may not
 * be opened at all, "damaged" when it is no database.
 */
export function connect(options: SqliteOptions): { handle: DatabaseSync; readOnly: boolean } {
  const { readOnly = false } = options;
  try {
    return { handle: openChecked(options, readOnly), readOnly };
  } catch (error) {
    try {
      if (isDenied(error)) return { handle: openChecked(options, true), readOnly: true };
    } catch {
      // The first failure says more.
    }
    throw databaseError(error, options.path);
  }
}

/** The file as `new DatabaseSync` takes it. */
export function locationOf({ path, parameters }: SqliteOptions): string {
  if (parameters === undefined) return path;
  return `file:${path.split("/").map(encodeURIComponent).join("/")}?${parameters}`;
}

function openChecked(options: SqliteOptions, readOnly: boolean): DatabaseSync {
  // Never made by being opened: somebody may have taken it away since it was seen.
  const parameters = options.parameters ?? "mode=rw";
  const location = locationOf(readOnly ? options : { ...options, parameters });
  const handle = new DatabaseSync(location, { readOnly });
  try {
    // Deno does not heed the option `timeout` of a connection that only reads.
    handle.exec(`PRAGMA busy_timeout = ${options.patienceMs ?? busyTimeoutMs}`);
    // A view or trigger in a file from elsewhere must not call functions with side effects.
    handle.exec("PRAGMA trusted_schema = OFF");
    // First what tells by its code why the file cannot be read: what Deno's exec throws has none.
    handle.prepare("SELECT count(*) FROM sqlite_master").get();
    if (!readOnly) makeDurable(handle);
    if (options.patienceMs !== undefined) handle.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

/**
 * What was committed survives a power loss, also on macOS, whose ordinary flush stops at the disk's
 * own memory; a program's SQLite may have been built with less. The name of a rollback journal that
 * was removed could come back, and take the transaction back with it, and not every file system can
 * flush that it is gone: the journal is emptied instead.
 */
function makeDurable(handle: DatabaseSync): void {
  handle.exec("PRAGMA synchronous = EXTRA; PRAGMA fullfsync = ON");
  const journal = handle.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
  if (journal.journal_mode === "delete") handle.exec("PRAGMA journal_mode = TRUNCATE");
}
