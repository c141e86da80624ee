import { LaminError } from "../errors.ts";
import { FileError } from "../host/host.ts";
import { movedAway, sealPrefix } from "./seal.ts";

/** SQLite's primary result codes that have a meaning of their own here. */
const resultCode = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

/**
 * How SQLite words these codes (`sqlite3_errstr`): Deno leaves the code out where a statement fails
 * in `exec` or a file in `new DatabaseSync`, and gives the words alone.
 */
const wordings: readonly (readonly [start: string, code: number])[] = [
  ["database is locked", resultCode.busy],
  ["database schema is locked", resultCode.locked],
  ["database table is locked", resultCode.locked],
  ["attempt to write a readonly database", resultCode.readOnly],
  ["disk I/O error", resultCode.ioError],
  ["database disk image is malformed", resultCode.corrupt],
  ["database or disk is full", resultCode.full],
  ["unable to open database file", resultCode.cantOpen],
  ["locking protocol", resultCode.protocol],
  ["file is not a database", resultCode.notADatabase],
  // SQLite has no code of its own for these.
  ["unsupported file format", resultCode.notADatabase],
  ["malformed database schema", resultCode.corrupt],
];

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number" && errcode !== resultCode.error) return errcode & 0xff;
  if (code !== "ERR_SQLITE_ERROR") return undefined;
  return wordings.find(([start]) => error.message.startsWith(start))?.[1];
}

/** What was thrown first, below the program's own errors. */
function root(error: unknown): unknown {
  return error instanceof LaminError && error.cause !== undefined ? error.cause : error;
}

/** Whether a file could not be opened, or written to, since the system forbids it. */
export function isDenied(error: unknown): boolean {
  const thrown = root(error);
  if (thrown instanceof FileError) return ["EACCES", "EPERM", "EROFS"].includes(thrown.code);
  const code = primaryCode(thrown);
  return code === resultCode.readOnly || code === resultCode.cantOpen;
}

/** SQLITE_IOERR_SHMSIZE: the index of the log, 32 KiB beside the file, finds no room. */
const noRoomForIndex = 4874;

/** Whether something could not be written since there is no room for it. */
export function isFull(error: unknown): boolean {
  const thrown = root(error);
  if (thrown instanceof FileError) return ["ENOSPC", "EDQUOT"].includes(thrown.code);
  return primaryCode(thrown) === resultCode.full ||
    (thrown as { errcode?: unknown } | undefined)?.errcode === noRoomForIndex;
}

/**
 * Whether a failure may come from a file system that has no locks or no memory to share: where it
 * has none, SQLite says either that another one holds the file or that the disk fails.
 */
export function mayLackLocks(error: unknown): boolean {
  if (isFull(error)) return false;
  const code = primaryCode(root(error));
  return code === resultCode.busy || code === resultCode.ioError || code === resultCode.protocol;
}

/** SQLITE_IOERR_UNLOCK, _RDLOCK, _CHECKRESERVEDLOCK and _LOCK. */
const lockCalls: ReadonlySet<unknown> = new Set([2058, 2314, 3594, 3850]);

/** Whether a file that nobody else knows could not be locked, and not for any other reason. */
export function isLockRefused(error: unknown): boolean {
  if (!mayLackLocks(error)) return false;
  const thrown = root(error);
  return primaryCode(thrown) !== resultCode.ioError ||
    lockCalls.has((thrown as { errcode?: unknown }).errcode);
}

/** The failure of a statement or an open as an error of the program; others as they are. */
export function databaseError(error: unknown, path: string): unknown {
  if (error instanceof LaminError || error instanceof FileError) return error;
  const because = { cause: error, data: { path } };
  if (isFull(error)) {
    return new LaminError("failed", `cannot write ${path}: the disk is full`, {
      ...because,
      hint: "nothing was changed; free some space and run the command again",
    });
  }
  if ((error as { code?: unknown } | undefined)?.code === "ERR_OUT_OF_RANGE") {
    return new LaminError("damaged", `a number in ${path} is larger than any can be`, {
      ...because,
      hint: "restore it from a copy; the objects beside it are unharmed",
    });
  }
  if (error instanceof Error && error.message.startsWith(sealPrefix)) {
    return movedAway(error.message.slice(sealPrefix.length), error);
  }
  switch (primaryCode(error)) {
    case resultCode.busy:
    case resultCode.locked:
      return new LaminError("busy", "another process is writing to this instance", {
        ...because,
        hint: "wait for it to end and run the command again; nothing was changed",
      });
    case resultCode.cantOpen:
      return new LaminError("denied", `the database ${path} cannot be opened by you`, because);
    case resultCode.readOnly:
      return new LaminError("denied", `the database ${path} cannot be written by you`, because);
    case resultCode.ioError:
      return new LaminError("failed", `the disk fails to read or write ${path}`, {
        ...because,
        hint: "see whether it is full or its hardware fails, then run the command again",
      });
    case resultCode.protocol:
      return new LaminError("failed", `locks of ${path} do not hold: others write meanwhile`, {
        ...because,
        hint: `make the folder ${path}-locks, so that lamin keeps a lock of its own there`,
      });
    case resultCode.corrupt:
    case resultCode.notADatabase:
      return new LaminError("damaged", `${path} is not a sound SQLite database`, {
        ...because,
        hint: "restore it from a copy; the objects beside it are unharmed",
      });
    default:
      return error;
  }
}
