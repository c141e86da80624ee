import type { FileStat } from "./host/host.ts";

/** Whether two names lead to one file; systems that do not number files never tell. */
export function isSameFile(
  a: FileStat | null | undefined,
  b: FileStat | null | undefined,
): boolean {
  return !!a && !!b && a.inode !== 0 && a.inode === b.inode && a.device === b.device;
}
