import type { FileStat } from "../../store/host/host.ts";
import { isAbsolute, join } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import { eachFolderAbove } from "./folders.ts";
import type { Scope } from "./scope.ts";
import type { TrackedArtifact } from "./tracked.ts";
import type { Walked } from "./walk_scope.ts";

/** What is at the path of an artifact. */
export interface Found {
  readonly artifact: TrackedArtifact;
  /** Null when nothing is there. */
  readonly stat: FileStat | null;
}

/**
 * What is at the path of each artifact in the scope. The walk tells for nearly all of them; the
 * file system is asked only about those that it had no reason to enter: patterns in `.laminignore`
 * do not hide what is recorded, and an artifact may lie in a folder that is another one. Nothing
 * can be said of artifacts in folders that may not be read: they are left out.
 */
export function findTracked(
  instance: Instance,
  scope: Scope,
  tracked: ReadonlyMap<string, TrackedArtifact>,
  { entries, passedOver }: Walked,
): Found[] {
  const walked = new Map(entries.map((entry) => [entry.path, entry.stat]));
  const closed = new Set([
    ...passedOver.filter(({ why }) => why !== "symlink").map(({ path }) => path),
    ...entries.filter(({ kind }) => kind === "folder").map(({ path }) => path),
  ]);
  const links = new Set(passedOver.filter(({ isFolder }) => !isFolder).map(({ path }) => path));
  const unreadable = new Set(
    passedOver.filter(({ why }) => why === "unreadable").map(({ path }) => path),
  );
  const found: Found[] = [];
  for (const artifact of tracked.values()) {
    const { path } = artifact;
    if (!scope.includes(path)) continue;
    if (unreadable.size > 0 && isIn(unreadable, path)) continue;
    const isHidden = links.has(path) || (closed.size > 0 && isIn(closed, path));
    const stat = walked.get(path) ?? (isHidden ? statAt(instance, path) : null);
    found.push({ artifact, stat });
  }
  return found;
}

function isIn(folders: ReadonlySet<string>, path: string): boolean {
  if (folders.has(path)) return true;
  let isBelow = false;
  eachFolderAbove(path, (folder) => {
    isBelow = folders.has(folder);
    return !isBelow;
  });
  return isBelow;
}

/**
 * Keys come from the database, where anything may stand: those that leave the work tree name
 * nothing.
 */
function statAt(instance: Instance, path: string): FileStat | null {
  if (path.includes("\0") || isAbsolute(path) || path.split("/").includes("..")) return null;
  return instance.host.files.lstat(join(instance.workTree.root, path));
}
