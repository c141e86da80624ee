/** Calls `visit` with each folder above a path, nearest first, until it answers false. */
export function eachFolderAbove(path: string, visit: (folder: string) => boolean): void {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (!visit(path.slice(0, end))) return;
  }
}

/** All folders above paths. Adds to `folders` where one is given. */
export function foldersAbove(
  paths: Iterable<string>,
  folders: Set<string> = new Set(),
): Set<string> {
  for (const path of paths) {
    eachFolderAbove(path, (folder) => {
      if (folders.has(folder)) return false; // then those above it are too
      folders.add(folder);
      return true;
    });
  }
  return folders;
}

/** The highest folder above a path that is not among `occupied`, or the path itself. */
export function highestFree(path: string, occupied: ReadonlySet<string>): string {
  let highest = path;
  eachFolderAbove(path, (folder) => {
    if (occupied.has(folder)) return false;
    highest = folder;
    return true;
  });
  return highest;
}
