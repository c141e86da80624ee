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

/**
 * What a call of `node:fs` tells; undefined where it found nothing. Times are asked for as
 * floating-point numbers, which takes a third of the time off a walk, and may come rounded up to
 * the next millisecond: where one is whole, that may be why, so then whole numbers are asked for.
 */
export function statBy(call: (options: { bigint: boolean }) => Stats | BigIntStats | undefined) {
  const info = call({ bigint: false });
  if (info === undefined) return undefined;
  const { mtimeMs, ctimeMs } = info as Stats;
  if (!Number.isInteger(mtimeMs) && !Number.isInteger(ctimeMs)) return statOf(info as Stats);
  const exact = call({ bigint: true });
  return exact && statOf(exact);
}

function statOf(info: Stats | BigIntStats): FileStat {
  const mode = Number(info.mode);
  return {
    kind: kindOfMode(mode),
    size: Number(info.size),
    modifiedMs: Math.floor(Number(info.mtimeMs)),
    changedMs: Math.floor(Number(info.ctimeMs)),
    inode: Number(info.ino),
    device: Number(info.dev),
    links: Number(info.nlink),
    mode: nodePlatform === "windows" ? 0 : mode & 0o7777,
    userId: Number(info.uid),
  };
}
