import type { ContentChange } from "../format/change.ts";
import type { ManifestFile } from "../identity/manifest.ts";
import { Tally } from "./tally.ts";

/**
 * The changes from one folder to another in the order of the paths: files added, removed, changed,
 * and renamed where the content of a removed file came back under another path, the like-named one
 * first. Empty files are never renamed, since they are all alike.
 */
export function* diffFolders(
  before: readonly ManifestFile[],
  after: readonly ManifestFile[],
  tally: Tally = folderTally(Infinity),
): Generator<ContentChange> {
  const changes = [...pathChanges(before, after)].sort((a, b) => a.path < b.path ? -1 : 1);
  for (const change of changes) {
    tally.add("files", how[change.kind]);
    if (tally.give()) yield change;
  }
}

export function folderTally(changesMax?: number): Tally {
  return new Tally(["files"], changesMax);
}

type FileChange = Extract<ContentChange, { path: string }>;

const how = {
  file_added: "added",
  file_removed: "removed",
  file_changed: "changed",
  file_renamed: "renamed",
} as const;

function* pathChanges(
  before: readonly ManifestFile[],
  after: readonly ManifestFile[],
): Generator<FileChange> {
  const left = new Map(before.map((file) => [file.path, file]));
  const added: ManifestFile[] = [];
  for (const file of after) {
    const was = left.get(file.path);
    left.delete(file.path);
    if (was === undefined) added.push(file);
    else if (was.sha256 !== file.sha256) yield changed(was, file);
  }
  const removed = new Removed(left.values());
  for (const file of removed.likeNamedFirst(added)) {
    const from = removed.take(file);
    const { path, size, sha256 } = file;
    if (from === undefined) yield { kind: "file_added", path, size, sha256 };
    else yield { kind: "file_renamed", from: from.path, path, size, sha256 };
  }
  for (const { path, size, sha256 } of removed.rest()) {
    yield { kind: "file_removed", path, size, sha256 };
  }
}

/** Removed files, to be claimed by added ones of the same content. */
class Removed {
  /** By content, then by base name, so that many files of one content stay cheap. */
  readonly #left = new Map<string, Map<string, ManifestFile[]>>();

  constructor(files: Iterable<ManifestFile>) {
    for (const file of files) {
      const names = this.#left.get(file.sha256) ?? new Map<string, ManifestFile[]>();
      this.#left.set(file.sha256, names);
      const alike = names.get(baseName(file));
      if (alike === undefined) names.set(baseName(file), [file]);
      else alike.push(file);
    }
  }

  /**
   * The added files, those first that a removed one of the same content and base name waits for.
   */
  likeNamedFirst(added: readonly ManifestFile[]): ManifestFile[] {
    const isAlike = (file: ManifestFile) =>
      this.#left.get(file.sha256)?.has(baseName(file)) ?? false;
    return [...added.filter(isAlike), ...added.filter((file) => !isAlike(file))];
  }

  /** The best removed file for an added one, which no other gets then. */
  take(file: ManifestFile): ManifestFile | undefined {
    const names = file.size === 0 ? undefined : this.#left.get(file.sha256);
    if (names === undefined || names.size === 0) return undefined;
    const own = baseName(file);
    const name = names.has(own) ? own : names.keys().next().value!;
    const alike = names.get(name)!;
    const taken = alike.shift();
    if (alike.length === 0) names.delete(name);
    return taken;
  }

  rest(): ManifestFile[] {
    return [...this.#left.values()].flatMap((names) => [...names.values()].flat());
  }
}

function baseName(file: ManifestFile): string {
  return file.path.slice(file.path.lastIndexOf("/") + 1);
}

function changed(before: ManifestFile, after: ManifestFile): FileChange {
  return {
    kind: "file_changed",
    path: after.path,
    before: { size: before.size, sha256: before.sha256 },
    after: { size: after.size, sha256: after.sha256 },
  };
}
