/**
 * How many bytes and files are published together: what is lost at most when a sync is killed.
 * Larger groups save nothing that can be measured on a disk.
 */
const bytesMax = 64 * 1024 * 1024;
const filesMax = 1000;

interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** Things in groups that are small enough to be published together, one at least in each. */
export function* groupsOf<T extends Amount>(things: readonly T[]): Generator<T[], void> {
  let group: T[] = [];
  let [files, bytes] = [0, 0];
  for (const thing of things) {
    const isFull = files + thing.files > filesMax || bytes + thing.bytes > bytesMax ||
      group.length >= filesMax;
    if (isFull && group.length > 0) {
      yield group;
      group = [];
      [files, bytes] = [0, 0];
    }
    group.push(thing);
    files += thing.files;
    bytes += thing.bytes;
  }
  if (group.length > 0) yield group;
}
