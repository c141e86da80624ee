import type { Dirent, Stats } from "node:fs";
import process from "node:process";
import type { FileKind, FileStat, Host } from "./host.ts";

/** The system this process runs on. */
export const nodePlatform: Host["platform"] = process.platform === "darwin"
  ? "darwin"
  : process.platform === "win32"
  ? "windows"
  : "linux";

/** What a name in a directory stands for. */
export function kindOf(entry: Dirent): FileKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

/** Kinds of files as the upper bits of their mode (inode(7)). */
const modeBits = { all: 0o170000, file: 0o100000, directory: 0o040000, symlink: 0o120000 };

function kindOfMode(mode: number): FileKind {
  const kind = mode & modeBits.all;
  if (kind === modeBits.file) return "file";
  if (kind === modeBits.directory) return "directory";
  return kind === modeBits.symlink ? "symlink" : "other";
}

/**
 * Times come as floating-point numbers, which may round one up to the next millisecond: the order
 * of two times stays, and that is what decides whether a file changed. Whole numbers would take
 * half as long again for each file of a walk.
 */
export function statOf(info: Stats): FileStat {
  return {
    kind: kindOfMode(info.mode),
    size: info.size,
    modifiedMs: Math.floor(info.mtimeMs),
    changedMs: Math.floor(info.ctimeMs),
    inode: info.ino,
    device: info.dev,
    links: info.nlink,
    mode: nodePlatform === "windows" ? 0 : info.mode & 0o7777,
    userId: info.uid,
  };
}
