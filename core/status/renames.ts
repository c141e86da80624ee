import { LaminError } from "../../store/errors.ts";
import { join } from "../../store/path.ts";
import { folderFiles } from "../artifact/add/folder_files.ts";
import type { Instance } from "../instance/instance.ts";
import type { FileContents } from "../work_tree/file_contents.ts";
import type { WalkedEntry } from "../work_tree/walk.ts";
import type { Compared } from "./compare.ts";
import { manifestsOf, matchesFolder } from "./compare_folder.ts";
import type { StatusEntry } from "./entry.ts";
import { GoneFiles } from "./gone.ts";
import type { TrackedArtifact } from "./tracked.ts";

interface Tools {
  readonly instance: Instance;
  readonly contents: FileContents;
}

/**
 * All entries, with what is new: where that has the content of something that is gone, both are one
 * rename. Only new files of the size of something that is gone are read.
 */
export async function findRenames(tools: Tools, compared: Compared): Promise<StatusEntry[]> {
  const gone = compared.entries.filter(({ status }) =>
    status === "deleted" || status === "missing"
  );
  const files = new GoneFiles(gone);
  const folders = await goneFolders(tools.instance, gone);
  const former = new Map<TrackedArtifact, WalkedEntry>();
  const fresh: StatusEntry[] = [];
  for (const entry of compared.fresh) {
    const artifact = entry.kind === "file"
      ? await formerFile(tools, files, entry)
      : await folders.take(tools, entry);
    if (artifact === undefined) {
      fresh.push({ status: "new", path: entry.path, isFolder: entry.kind === "folder" });
    } else former.set(artifact, entry);
  }
  const known = compared.entries.map((entry): StatusEntry => {
    const found = entry.artifact && former.get(entry.artifact);
    if (found === undefined) return entry;
    return { ...entry, status: "renamed", path: found.path, from: entry.path };
  });
  return [...known, ...fresh];
}

async function formerFile(
  { instance, contents }: Tools,
  gone: GoneFiles,
  { path, stat }: WalkedEntry,
): Promise<TrackedArtifact | undefined> {
  if (!gone.hasSize(stat.size)) return undefined;
  const content = await contents.of(path, join(instance.workTree.root, path), stat);
  return content && gone.take(content);
}

/** Folders that are gone from their path, found by the size and then the content of their files. */
async function goneFolders(instance: Instance, gone: readonly StatusEntry[]) {
  const left = new Set(
    gone.flatMap(({ artifact }) =>
      artifact !== undefined && artifact.fileCount !== null && artifact.size ? [artifact] : []
    ),
  );
  const manifests = await instance.database.read((reader) => manifestsOf(reader, [...left]));
  return {
    async take({ contents }: Tools, { path }: WalkedEntry): Promise<TrackedArtifact | undefined> {
      if (left.size === 0) return undefined;
      const absolute = join(instance.workTree.root, path);
      const size = sizeOfFolder(instance, absolute);
      for (const artifact of left) {
        if (artifact.size !== size) continue;
        const tools = { host: instance.host, contents, manifests };
        if (!await matchesFolder(tools, artifact, path, absolute)) continue;
        left.delete(artifact);
        return artifact;
      }
      return undefined;
    },
  };
}

/** Bytes in a folder; undefined when something in it could not be part of an artifact. */
function sizeOfFolder(instance: Instance, absolute: string): number | undefined {
  try {
    return folderFiles(instance.host, absolute).reduce((sum, { stat }) => sum + stat.size, 0);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
