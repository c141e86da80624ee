import type { BigIntStats, Dirent, Stats } from "node:fs";
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

type StatCall<Subject> = (
  subject: Subject,
  options: { readonly bigint: boolean; readonly throwIfNoEntry: boolean },
) => Stats | BigIntStats | undefined;

/** Making an error takes longer than finding that nothing is there. */
const rounded = { bigint: false, throwIfNoEntry: false };
const exact = { bigint: true, throwIfNoEntry: false };

/**
 * What a call of `node:fs` tells of a path or descriptor; null where it finds nothing. Times are
 * asked for as floating-point numbers, which takes a third of the time off a walk, and may come
 * rounded up to the next millisecond: where one is whole, that may be why, so then whole numbers
 * are asked for.
 */
export function statBy<Subject>(call: StatCall<Subject>, subject: Subject): FileStat | null {
  const info = call(subject, rounded) as Stats | undefined;
  if (info === undefined) return null;
  const { mtimeMs, ctimeMs } = info;
  if (!Number.isInteger(mtimeMs) && !Number.isInteger(ctimeMs)) {
    return {
      kind: kindOfMode(info.mode),
      size: info.size,
      modifiedMs: Math.floor(mtimeMs),
      changedMs: Math.floor(ctimeMs),
      inode: info.ino,
      device: info.dev,
      links: info.nlink,
      mode: nodePlatform === "windows" ? 0 : info.mode & 0o7777,
      userId: info.uid,
    };
  }
  const again = call(subject, exact) as BigIntStats | undefined;
  return again === undefined ? null : exactStat(again);
}

function exactStat(info: BigIntStats): FileStat {
  const mode = Number(info.mode);
  return {
    kind: kindOfMode(mode),
    size: Number(info.size),
    modifiedMs: Number(info.mtimeMs),
    changedMs: Number(info.ctimeMs),
    inode: Number(info.ino),
    device: Number(info.dev),
    links: Number(info.nlink),
    mode: nodePlatform === "windows" ? 0 : mode & 0o7777,
    userId: Number(info.uid),
  };
}
