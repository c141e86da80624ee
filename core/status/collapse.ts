import type { StatusEntry } from "./entry.ts";
import { highestFree } from "./folders.ts";

/** One or more entries that are shown as one line. */
export interface Collapsed {
  readonly path: string;
  readonly isFolder: boolean;
  /** How many entries it stands for. */
  readonly count: number;
}

/**
 * Entries under the highest folder that holds nothing else: `occupied` are the folders that do. In
 * the order of the entries.
 */
export function collapse(
  entries: readonly StatusEntry[],
  occupied: ReadonlySet<string>,
): Collapsed[] {
  const counts = new Map<string, number>();
  const folders = new Set<string>();
  for (const { path, isFolder } of entries) {
    const highest = highestFree(path, occupied);
    if (highest !== path || isFolder) folders.add(highest);
    counts.set(highest, (counts.get(highest) ?? 0) + 1);
  }
  return [...counts].map(([path, count]) => ({ path, count, isFolder: folders.has(path) }));
}
