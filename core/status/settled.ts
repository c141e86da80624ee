import type { FileStat } from "../../store/host/host.ts";
import type { IndexedFiles } from "../../store/work_index/indexed_files.ts";
import {
  type PackedFolder,
  type Verdict,
  verdictBit,
} from "../../store/work_index/packed_folder.ts";
import { mainBranch } from "../version/branch_ids.ts";
import type { WalkedEntry } from "../work_tree/walk.ts";
import { isBelow, type Scope } from "./scope.ts";
import type { TrackedArtifact } from "./tracked.ts";

/**
 * What was found about files when they were last compared, and holds since nobody changed the
 * database. What it says of a file that changed on disk is only which artifact belongs there.
 */
export class SettledFiles {
  /** Per folder, which records were seen: 1 for as recorded, 2 for another look. */
  readonly #seen = new Map<PackedFolder, Uint8Array>();

  constructor(private readonly indexed: IndexedFiles) {}

  /** Whether a file surely is as its artifact records it. */
  isClean(path: string, stat: FileStat): boolean {
    const found = this.indexed.find(path);
    if (found === undefined) return false;
    const [folder, position] = found;
    if (folder.artifactId(position) === 0) return false;
    const isClean = (folder.bits(position) & verdictBit.clean) !== 0 &&
      folder.isUnchanged(position, stat);
    this.#seenIn(folder)[position] = isClean ? 1 : 2;
    return isClean;
  }

  /** Ids of the artifacts in a scope of which no file was seen to be as it is recorded. */
  unsettled(scope: Pick<Scope, "includes" | "roots">): number[] {
    const ids: number[] = [];
    for (const folder of this.#foldersIn(scope)) {
      const seen = this.#seen.get(folder);
      for (let position = 0; position < folder.names.length; position++) {
        if (seen?.[position] === 1) continue;
        const id = folder.artifactId(position);
        if (id === 0) continue;
        if (seen?.[position] === 2 || scope.includes(folder.pathAt(position))) ids.push(id);
      }
    }
    return ids;
  }

  /** How many files were seen to be as recorded, and the folders that they are in. */
  clean(): { count: number; folders: string[] } {
    let count = 0;
    const folders: string[] = [];
    for (const [folder, seen] of this.#seen) {
      let inFolder = 0;
      for (const one of seen) if (one === 1) inFolder++;
      count += inFolder;
      if (inFolder > 0) folders.push(folder.path);
    }
    return { count, folders };
  }

  /** Folders that hold a file which an artifact belongs to. */
  *folders(): Iterable<string> {
    for (const folder of this.indexed.folders.values()) {
      for (let position = 0; position < folder.names.length; position++) {
        if (folder.artifactId(position) === 0) continue;
        yield folder.path;
        break;
      }
    }
  }

  #seenIn(folder: PackedFolder): Uint8Array {
    let seen = this.#seen.get(folder);
    if (seen === undefined) this.#seen.set(folder, seen = new Uint8Array(folder.names.length));
    return seen;
  }

  /** Folders that may hold something of the scope: below a root, or above one that is a file. */
  *#foldersIn({ roots }: Pick<Scope, "roots">): Iterable<PackedFolder> {
    for (const folder of this.indexed.folders.values()) {
      const mayHold = roots.some((root) =>
        isBelow(root, folder.path) || isBelow(folder.path, root)
      );
      if (mayHold) yield folder;
    }
  }
}

/** The verdict about the file of an artifact: that it is as recorded, or only whose it is. */
export function verdictOn(artifact: TrackedArtifact, isClean: boolean): Verdict {
  const isKeyed = artifact.key === artifact.path && artifact.branch === mainBranch;
  return {
    artifactId: artifact.id,
    bits: (isClean ? verdictBit.clean : 0) | (isKeyed ? verdictBit.keyed : 0) |
      (artifact.isObject ? verdictBit.isObject : 0),
  };
}

/** Walked entries that are not files known to be as recorded. */
export function notClean(
  settled: SettledFiles,
  entries: readonly WalkedEntry[],
): WalkedEntry[] {
  return entries.filter(({ kind, path, stat }) => kind !== "file" || !settled.isClean(path, stat));
}
