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

type Times = Pick<
  IndexedFile,
  "size" | "modifiedMs" | "changedMs" | "inode" | "indexedMs"
>;

/** Whether a file surely still has the content that the entry speaks of. */
export function isUnchanged(indexed: Times, stat: FileStat): boolean {
  return indexed.size === stat.size &&
    indexed.modifiedMs === stat.modifiedMs &&
    indexed.changedMs === stat.changedMs &&
    indexed.inode === stat.inode &&
    indexed.indexedMs > Math.max(stat.modifiedMs, stat.changedMs);
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
