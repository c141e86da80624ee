import type { Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { isFolderSuffix } from "../identity/suffix.ts";
import { presentAt } from "../work_tree/present.ts";
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
  { knownFolders, openFolders }: TrackedFolders,
): Promise<Walked> {
  const entries: WalkedEntry[] = [];
  const passedOver: PassedOver[] = [];
  for (const root of roots) {
    const stat = presentAt(host, join(workTree, root));
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
      for await (const inFolder of found) inFolder.forEach((entry) => entries.push(entry));
    }
  }
  return { entries, passedOver };
}

/** What the walk must know of folders before it meets them. */
export interface TrackedFolders {
  /** Folders that are one artifact. */
  readonly knownFolders: ReadonlySet<string>;
  /** Folders with artifacts in them that look as if they were one. */
  readonly openFolders: ReadonlySet<string>;
}

/** `settledFolders` are those of which files are known to be tracked though they are not listed. */
export function trackedFolders(
  tracked: ReadonlyMap<string, TrackedArtifact>,
  settledFolders: Iterable<string> = [],
): TrackedFolders {
  const knownFolders = new Set<string>();
  for (const { path, fileCount } of tracked.values()) {
    if (fileCount !== null) knownFolders.add(path);
  }
  const occupied = foldersAbove(tracked.keys());
  for (const folder of settledFolders) foldersAbove([`${folder}/`], occupied);
  return { knownFolders, openFolders: new Set([...occupied].filter(isFolderSuffix)) };
}
