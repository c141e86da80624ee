import type { FileStat } from "../host/host.ts";

/** What is remembered of a file in the work tree since it was last hashed. */
export interface IndexedFile {
  /** Relative to the work tree. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  /**
   * When it was hashed, by the clock of its disk (see `FileClock`): a change in the same instant
   * would not show in the times.
   */
  readonly indexedMs: number;
  readonly sha256: string;
  /** LaminDB's hash and its type. */
  readonly hash: string;
  readonly hashType: string;
}

/** Whether a file surely still has the content that the entry speaks of. */
export function isUnchanged(indexed: IndexedFile, stat: FileStat): boolean {
  const { size, modifiedMs, changedMs, inode, indexedMs } = indexed;
  return hasTimes(stat, size, modifiedMs, changedMs, inode, indexedMs);
}

/** As {@link isUnchanged}, of the fields of a packed entry: a walk asks it of each file. */
export function hasTimes(
  stat: FileStat,
  size: number,
  modifiedMs: number,
  changedMs: number,
  inode: number,
  indexedMs: number,
): boolean {
  return size === stat.size && modifiedMs === stat.modifiedMs && changedMs === stat.changedMs &&
    inode === stat.inode && indexedMs > Math.max(stat.modifiedMs, stat.changedMs);
}

/** The entry of a file that was hashed at `indexedMs`, with the stat taken before it was read. */
export function indexEntry(
  path: string,
  stat: FileStat,
  indexedMs: number,
  content: { sha256: string; hash: string; hashType: string },
): IndexedFile {
  return {
    path,
    size: stat.size,
    modifiedMs: stat.modifiedMs,
    changedMs: stat.changedMs,
    inode: stat.inode,
    indexedMs,
    sha256: content.sha256,
    hash: content.hash,
    hashType: content.hashType,
  };
}
