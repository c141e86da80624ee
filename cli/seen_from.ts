import type { Host } from "../store/host/host.ts";
import { join, relativeTo } from "../store/path.ts";

/**
 * How a path below `root` is called from the working directory: relative to it when that lies in
 * `root` too or above it, else absolute.
 */
export function seenFrom(host: Host, root: string): (path: string) => string {
  const here = host.workingDirectory();
  const inside = relativeTo(root, here);
  if (inside !== undefined) return (path) => climb(inside, path);
  return (path) => relativeTo(here, join(root, path)) ?? join(root, path);
}

/** A path as it is called in a folder, both below the same root. */
function climb(folder: string, path: string): string {
  if (folder === "") return path;
  const above = folder.split("/");
  const parts = path.split("/");
  let shared = 0;
  while (shared < above.length && shared < parts.length - 1 && above[shared] === parts[shared]) {
    shared++;
  }
  return [...above.slice(shared).map(() => ".."), ...parts.slice(shared)].join("/");
}
