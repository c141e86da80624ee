import { DatabaseSync } from "node:sqlite";
import type { FileStat } from "../host/host.ts";
import { databaseError, isDenied } from "./sqlite_failure.ts";

/** How long a transaction waits for another process, in milliseconds, before it is "busy". */
export const busyTimeoutMs = 60_000;

export interface SqliteOptions {
  readonly path: string;
  readonly readOnly?: boolean;
  /**
   * Whether nothing waits in the write-ahead log beside the file. Without this, a database with
   * such a log cannot be read where the reader may not write beside it.
   */
  readonly logIsEmpty?: () => boolean;
  /** Statements for a new file, after the write-ahead log is switched on. */
  readonly setUp?: readonly string[];
  readonly now: () => Date;
  /** Looks at files, for stamps; without it there are none. */
  readonly stat?: (path: string) => FileStat | null;
  /** True for what may be lost at a power failure, though never damaged. */
  readonly isCache?: boolean;
}

/**
 * Opens the file as it may be opened: to write, else to read, else to read without the files of the
 * log. Throws code "denied" when it may not be opened at all, "damaged" when it is no database.
 */
export function connect(options: SqliteOptions): { handle: DatabaseSync; readOnly: boolean } {
  const { path, readOnly = false } = options;
  try {
    return { handle: openChecked(path, readOnly), readOnly };
  } catch (error) {
    for (const location of readableLocations(options, error)) {
      try {
        return { handle: openChecked(location, true), readOnly: true };
      } catch {
        // The first failure says more.
      }
    }
    throw databaseError(error, path);
  }
}

/**
 * A reader makes the index of a write-ahead log if it is not there, which takes the right to write
 * to the folder. SQLite does without it when told that nobody changes the file: true in effect
 * where the log is empty, since a command reads for moments.
 */
function readableLocations({ path, readOnly, logIsEmpty }: SqliteOptions, error: unknown) {
  const locations = readOnly ? [] : [path];
  if (isDenied(error) && logIsEmpty?.()) {
    locations.push(`file:${path.split("/").map(encodeURIComponent).join("/")}?immutable=1`);
  }
  return locations;
}

function openChecked(path: string, readOnly: boolean): DatabaseSync {
  const handle = new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly });
  try {
    // A view or trigger in a file from elsewhere must not call functions with side effects.
    handle.exec("PRAGMA trusted_schema = OFF");
    handle.prepare("SELECT count(*) FROM sqlite_master").get();
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}
