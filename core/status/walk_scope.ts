import type { Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { isFolderSuffix } from "../identity/suffix.ts";
import { type PassedOver, walk, type WalkedEntry } from "../work_tree/walk.ts";
import { foldersAbove } from "./folders.ts";
import type { TrackedArtifact } from "./tracked.ts";

/** What a walk found in the work tree. */
export interface Walked {
  readonly entries: readonly WalkedEntry[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * Walks the parts of the work tree that `roots` name, taking folders that are artifacts as one.
 */
export async function walkScope(
  host: Host,
  workTree: string,
  roots: readonly string[],
  tracked: ReadonlyMap<string, TrackedArtifact>,
): Promise<Walked> {
  const entries: WalkedEntry[] = [];
  const passedOver: PassedOver[] = [];
  const { knownFolders, openFolders } = foldersOf(tracked);
  for (const root of roots) {
    const stat = host.files.lstat(join(workTree, root));
    if (stat === null) continue;
    const isWhole = knownFolders.has(root) || (isFolderSuffix(root) && !openFolders.has(root));
    if (stat.kind === "file") entries.push({ path: root, kind: "file", stat });
    else if (stat.kind !== "directory") {
      const why = stat.kind === "symlink" ? "symlink" : "special";
      passedOver.push({ path: root, isFolder: false, why });
    } else if (root !== "" && isWhole) entries.push({ path: root, kind: "folder", stat });
    else {
      const found = walk(host, workTree, {
        start: root,
        knownFolders,
        openFolders,
        passedOver: (what) => passedOver.push(what),
      });
      for await (const entry of found) entries.push(entry);
    }
  }
  return { entries, passedOver };
}

/**
 * Folders that are one artifact, and folders with artifacts in them that look as if they were one.
 */
function foldersOf(tracked: ReadonlyMap<string, TrackedArtifact>) {
  const knownFolders = new Set<string>();
  for (const { path, fileCount } of tracked.values()) {
    if (fileCount !== null) knownFolders.add(path);
  }
  const openFolders = new Set([...foldersAbove(tracked.keys())].filter(isFolderSuffix));
  return { knownFolders, openFolders };
}
