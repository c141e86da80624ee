import type { Call, CallKind, Effect } from "./fault.ts";

/** What calls of each kind fail with on real systems. */
const codesOf: Readonly<Record<CallKind, readonly string[]>> = {
  stat: ["EACCES", "EIO"],
  readDirectory: ["EACCES", "EIO", "EMFILE"],
  readLink: ["EACCES", "EIO"],
  realPath: ["EACCES", "EIO"],
  open: ["EACCES", "EIO", "EMFILE", "ENFILE"],
  read: ["EIO"],
  write: ["ENOSPC", "EIO", "EDQUOT", "EFBIG"],
  makeDirectory: ["ENOSPC", "EACCES", "EROFS", "EIO"],
  copyFile: ["ENOSPC", "EIO", "EMFILE", "EDQUOT"],
  rename: ["ENOSPC", "EACCES", "EIO", "EROFS"],
  hardLink: ["ENOSPC", "EACCES", "EIO", "EROFS"],
  remove: ["EACCES", "EIO", "EROFS"],
  setMode: ["EACCES", "EIO", "EROFS"],
  flush: ["EIO", "ENOSPC"],
  blob: ["EIO", "EACCES", "ENOSPC", "ETIMEDOUT"],
  blobRead: ["EIO", "ETIMEDOUT"],
  statement: ["SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_FULL"],
};

/** What has to be said of each code, and the exit code of a command that fails by it. */
const meanings: Readonly<Record<string, readonly [sentence: RegExp, exitCode: number]>> = {
  ENOSPC: [/the disk is full/, 1],
  EDQUOT: [/your quota is used up/, 1],
  EFBIG: [/it is larger than files may be here/, 1],
  EIO: [/the disk fails/, 1],
  EACCES: [/you may not/, 12],
  EROFS: [/the file system is read-only/, 12],
  EMFILE: [/too many files are open/, 1],
  ENFILE: [/too many files are open/, 1],
  ETIMEDOUT: [/the server does not answer/, 1],
  SQLITE_BUSY: [/another process is writing/, 11],
  SQLITE_READONLY: [/cannot be written by you|you may not write to/, 12],
  SQLITE_IOERR: [/the disk fails/, 1],
  SQLITE_CORRUPT: [/not a sound SQLite database|database disk image is malformed/, 13],
  SQLITE_FULL: [/the disk is full/, 1],
};

/** One of the failures that a call can have. */
export function anyFailure(random: () => number): (call: Call) => Effect {
  return ({ kind }) => {
    const codes = codesOf[kind];
    return { fails: codes[Math.floor(random() * codes.length)]! };
  };
}

export function meaningOf(code: string): { sentence: RegExp; exitCode: number } {
  const [sentence, exitCode] = meanings[code]!;
  return { sentence, exitCode };
}
