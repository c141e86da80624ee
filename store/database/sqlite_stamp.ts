import type { DatabaseSync } from "node:sqlite";
import { FileError, type FileStat } from "../host/host.ts";

/** Coarsest step, in milliseconds, in which most file systems of this machine count times. */
export const timeStepMs = 20;

/** The step of those that count whole seconds or, as FAT does, every other one. */
const coarseStepMs = 2000;

/** What the stamp of a database is taken from. */
export interface StampSource {
  readonly path: string;
  readonly stat: (path: string) => FileStat | null;
  readonly now: () => Date;
  readonly setModified?: ((path: string, ms: number) => void) | undefined;
}

/**
 * The sizes, times and inodes of a SQLite file and its write-ahead log: as long as they stay,
 * nobody changed the database. Undefined where that cannot be told, since the last change is so
 * recent that another one could have the same time.
 */
export function sqliteStamp({ path, stat, now }: StampSource): string | undefined {
  if ((stat(`${path}-journal`)?.size ?? 0) > 0) return undefined;
  const files = filesOf(path, stat);
  if (files === undefined) return undefined;
  const restMs = now().getTime() - newestMs(files);
  return restMs <= stepOf(files) ? undefined : textOf(files);
}

function textOf(files: readonly FileStat[]): string {
  return files.map(({ inode, size, modifiedMs, changedMs }) =>
    [inode, size, modifiedMs, changedMs].join(" ")
  ).join("; ");
}

/**
 * A stamp of a database without a log that was changed just now: its file is dated back a little,
 * so that the next change gives it another time whenever that comes. Undefined where that cannot be
 * done, as in a file of somebody else.
 */
export function stampByDatingBack(source: StampSource): string | undefined {
  const { path, stat, now, setModified } = source;
  const beforeMs = now().getTime() - timeStepMs - 1;
  // Whole seconds look like the times of a coarser file system.
  const ms = beforeMs % 1000 === 0 ? beforeMs - 1 : beforeMs;
  try {
    setModified?.(path, ms);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
  const files = filesOf(path, stat);
  return files?.length === 1 && files[0]!.modifiedMs === ms ? textOf(files) : undefined;
}

/** Milliseconds until there can be a stamp; undefined where that is not known. */
export function stampWaitMs({ path, stat, now }: StampSource): number | undefined {
  const files = filesOf(path, stat);
  if (files === undefined) return undefined;
  const restMs = now().getTime() - newestMs(files);
  // Seconds are not waited for.
  if (restMs < 0 || stepOf(files) > timeStepMs) return undefined;
  return Math.max(0, timeStepMs + 1 - restMs);
}

/** The database and, unless it is empty, its log. */
function filesOf(path: string, stat: StampSource["stat"]): FileStat[] | undefined {
  const file = stat(path);
  const log = stat(`${path}-wal`);
  if (file === null) return undefined;
  return log === null || log.size === 0 ? [file] : [file, log];
}

/**
 * One time in a thousand looks like whole seconds by chance: then there is no stamp for a while.
 */
function stepOf(files: readonly FileStat[]): number {
  const isCoarse = files.some(({ modifiedMs }) => modifiedMs % 1000 === 0);
  return isCoarse ? coarseStepMs + timeStepMs : timeStepMs;
}

/** Whatever changes a content next sets this, so that it alone has to differ from now. */
function newestMs(files: readonly FileStat[]): number {
  return Math.max(...files.map(({ modifiedMs }) => modifiedMs));
}

/** A number that changes when another connection commits, never by this one's own work. */
export function dataVersion(handle: DatabaseSync): number {
  return (handle.prepare("PRAGMA data_version").get() as { data_version: number }).data_version;
}
