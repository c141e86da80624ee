import type { BigIntStats, Dirent } from "node:fs";
import process from "node:process";
import type { FileKind, FileStat, Host } from "./host.ts";

/** The system this process runs on. */
export const nodePlatform: Host["platform"] = process.platform === "darwin"
  ? "darwin"
  : process.platform === "win32"
  ? "windows"
  : "linux";

/** What a name in a directory stands for. */
export function kindOf(entry: Dirent | BigIntStats): FileKind {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "directory" : "other";
}

/** From a stat in whole numbers: the floating-point one rounds times up now and then. */
export function statOf(info: BigIntStats): FileStat {
  return {
    kind: kindOf(info),
    size: Number(info.size),
    modifiedMs: Number(info.mtimeMs),
    changedMs: Number(info.ctimeMs),
    inode: Number(info.ino),
    device: Number(info.dev),
    links: Number(info.nlink),
    mode: nodePlatform === "windows" ? 0 : Number(info.mode) & 0o7777,
    userId: Number(info.uid),
  };
}
