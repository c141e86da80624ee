import type { FileStat } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import type { IndexedFiles } from "../../store/work_index/indexed_files.ts";
import type { Instance } from "../instance/instance.ts";
import { notFetchedIds } from "../artifact/not_fetched.ts";
import type { FileContents } from "../work_tree/file_contents.ts";
import type { WalkedEntry } from "../work_tree/walk.ts";
import { type FolderTools, manifestsOf, matchesFolder } from "./compare_folder.ts";
import type { Status, StatusEntry } from "./entry.ts";
import { findTracked, type Found } from "./find_tracked.ts";
import { foldersAbove } from "./folders.ts";
import { matchesFile } from "./matches.ts";
import type { Scope } from "./scope.ts";
import type { TrackedArtifact } from "./tracked.ts";
import type { Walked } from "./walk_scope.ts";

export interface Comparison {
  readonly instance: Instance;
  readonly scope: Scope;
  readonly tracked: ReadonlyMap<string, TrackedArtifact>;
  readonly walked: Walked;
  readonly indexed: IndexedFiles;
  readonly contents: FileContents;
}

export interface Compared {
  /** All that is not as it was recorded, but what is new. */
  readonly entries: readonly StatusEntry[];
  /** What was found and is under no key. */
  readonly fresh: readonly WalkedEntry[];
  /** What is as it was recorded. */
  readonly unchanged: readonly TrackedArtifact[];
}

/** Compares every artifact in the scope with what is at its path. */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { instance, scope, tracked, walked } = comparison;
  const found = findTracked(instance, scope, tracked, walked);
  const folders = found.filter(({ artifact, stat }) =>
    artifact.fileCount !== null && stat?.kind === "directory"
  );
  const manifests = await instance.database.read((reader) =>
    manifestsOf(reader, folders.map(({ artifact }) => artifact))
  );
  const tools = { host: instance.host, contents: comparison.contents, manifests };
  const wasHere = rememberedBy(comparison.indexed, found);
  const entries: StatusEntry[] = [];
  const unchanged: TrackedArtifact[] = [];
  for (const one of found) {
    const status = one.stat === null
      ? statusOfAbsent(instance, one.artifact, wasHere)
      : await isUnchanged(instance, tools, one.artifact, one.stat)
      ? undefined
      : "modified";
    if (status === undefined) unchanged.push(one.artifact);
    else entries.push(entryOf(status, one.artifact));
  }
  await tellNotFetched(instance, entries);
  return { entries, unchanged, fresh: walked.entries.filter(({ path }) => !tracked.has(path)) };
}

/** What is gone from its path is not lost where its bytes did not come yet. */
async function tellNotFetched(instance: Instance, entries: StatusEntry[]): Promise<void> {
  const isGone = ({ status }: StatusEntry) => status === "deleted" || status === "missing";
  const ids = entries.filter(isGone).map(({ artifact }) => artifact!.id);
  const notFetched = await notFetchedIds(instance, ids);
  if (notFetched.size === 0) return;
  entries.forEach((entry, index) => {
    if (!isGone(entry) || !notFetched.has(entry.artifact!.id)) return;
    entries[index] = { ...entry, status: "not fetched" };
  });
}

function entryOf(status: Status, artifact: TrackedArtifact): StatusEntry {
  return { status, path: artifact.path, isFolder: artifact.fileCount !== null, artifact };
}

/** The sizes are compared first: another size needs no hash. */
async function isUnchanged(
  instance: Instance,
  tools: FolderTools,
  artifact: TrackedArtifact,
  stat: FileStat,
): Promise<boolean> {
  const absolute = join(instance.workTree.root, artifact.path);
  if (artifact.fileCount !== null) {
    if (stat.kind !== "directory") return false;
    return await matchesFolder(tools, artifact, artifact.path, absolute);
  }
  if (stat.kind !== "file") return false;
  if (artifact.size !== null && artifact.size !== stat.size) return false;
  const content = await tools.contents.of(artifact.path, absolute, stat);
  return content !== undefined && matchesFile(artifact, content);
}

/**
 * What it means that nothing is at the path of an artifact; undefined when its bytes lie elsewhere.
 */
function statusOfAbsent(
  instance: Instance,
  { path, bytesPath, isElsewhere }: TrackedArtifact,
  wasHere: (path: string) => boolean,
): Status | undefined {
  if (bytesPath !== undefined) {
    return instance.host.files.stat(bytesPath) === null ? "missing" : undefined;
  }
  if (wasHere(path)) return "deleted";
  return isElsewhere ? "elsewhere" : "not fetched";
}

/** Whether the index remembers a file, or files in a folder, at the path of something absent. */
function rememberedBy(
  indexed: IndexedFiles,
  found: readonly Found[],
): (path: string) => boolean {
  const hasAbsentFolder = found.some(({ artifact, stat }) =>
    stat === null && artifact.fileCount !== null
  );
  const folders = hasAbsentFolder ? foldersAbove(indexed.keys()) : new Set();
  return (path) => indexed.has(path) || folders.has(path);
}
