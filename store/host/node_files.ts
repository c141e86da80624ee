import { flushDirectoryBy } from "./flush_directory.ts";
import * as fs from "node:fs";
import { attempt, attemptOrNull, fileError } from "./attempt.ts";
import { copyBytes } from "./copy_bytes.ts";
import type { Files, FileStat } from "./host.ts";
import { openFile } from "./node_open_file.ts";
import { kindOf, nodePlatform, statBy } from "./node_stat.ts";

/** A Buffer as the plain bytes that every engine gives. */
function plain(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `unlink`, and for a directory `rmdir`: Linux tells one by EISDIR, others by EPERM. */
function remove(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!fs.lstatSync(path).isDirectory()) throw error;
    fs.rmdirSync(path);
  }
}

/** Not on Windows, where a file that is open cannot be renamed. */
function beginFlush(path: string): void {
  if (nodePlatform === "windows") return;
  try {
    const descriptor = fs.openSync(path, "r");
    // Whether it fails, a real flush tells.
    fs.fdatasync(descriptor, () => fs.close(descriptor, () => {}));
  } catch {
    // The same.
  }
}

function flushDirectory(directory: string): void {
  if (nodePlatform === "windows") return;
  flushDirectoryBy(() => {
    const descriptor = attempt("open", directory, () => fs.openSync(directory, "r"));
    try {
      attempt("flush", directory, () => fs.fsyncSync(descriptor));
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

async function flushFileSystem(directory: string): Promise<boolean> {
  if (nodePlatform !== "linux") return false;
  const { runProgram } = await import("./node_run.ts");
  try {
    return (await runProgram("sync", ["-f", directory])).code === 0;
  } catch {
    return false; // no coreutils here
  }
}

const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = fs.constants;

/** Most calls succeed at once, and a walk makes many: what fails is made again with care. */
function lookAt(operation: string, call: typeof fs.lstatSync, path: string): FileStat | null {
  try {
    return statBy(call, path);
  } catch {
    return attemptOrNull(operation, path, () => statBy(call, path));
  }
}

/** The file system by `node:fs`. */
export const nodeFiles: Files = {
  lstat: (path) => lookAt("lstat", fs.lstatSync, path),
  stat: (path) => lookAt("stat", fs.statSync, path),
  readDirectory: (path) =>
    attempt("read directory", path, () => {
      const entries = fs.readdirSync(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    }),
  readNames: (path) => attempt("read directory", path, () => fs.readdirSync(path)),
  readLink: (path) => attempt("read link", path, () => fs.readlinkSync(path)),
  realPath: (path) => attempt("resolve", path, () => fs.realpathSync.native(path)),
  open: openFile,
  readFile: (path) => attempt("read", path, () => plain(fs.readFileSync(path))),
  writeFile: (path, bytes, { createNew = false, mode } = {}) => {
    const flags = createNew ? { createNew } : { create: true, truncate: true };
    const file = openFile(path, { write: true, ...flags, ...(mode !== undefined && { mode }) });
    try {
      file.write(bytes);
    } finally {
      file.close();
    }
  },
  makeDirectory: (path, options = {}) =>
    attempt("make directory", path, () => void fs.mkdirSync(path, options)),
  copyFile: (from, to) =>
    attempt("copy", to, () => {
      try {
        fs.copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE);
      } catch (error) {
        if (fileError("copy", to, error).code !== "EPERM") throw error;
        copyBytes(nodeFiles, from, to);
      }
    }),
  cloneFile: (from, to) => {
    try {
      fs.copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
      return true;
    } catch {
      return false; // the copy that is made instead tells what else is wrong
    }
  },
  rename: (from, to) => attempt("rename", to, () => fs.renameSync(from, to)),
  hardLink: (existing, name) => attempt("link", name, () => fs.linkSync(existing, name)),
  remove: (path) => attempt("remove", path, () => remove(path)),
  removeTree: (path) => attempt("remove", path, () => fs.rmSync(path, { recursive: true })),
  setMode: (path, mode) =>
    attempt("set mode", path, () => {
      if (nodePlatform !== "windows") fs.chmodSync(path, mode);
    }),
  setModified: (path, ms) => {
    // Seconds with a fraction may lose the last digit: the middle of the millisecond keeps it.
    const seconds = (ms + 0.5) / 1000;
    attempt("set time", path, () => fs.utimesSync(path, seconds, seconds));
  },
  flushFileSystem,
  beginFlush,
  flushDirectory,
};
