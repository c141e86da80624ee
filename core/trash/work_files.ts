import { LaminError } from "../../store/errors.ts";
import { FileError, type FileStat } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import type { SafePath } from "../../store/work_tree.ts";
import { WorkIndex } from "../../store/work_index/work_index.ts";
import { folderFiles } from "../artifact/add/folder_files.ts";
import { type Content, contentsOf } from "../artifact/content.ts";
import { presenceOf } from "../artifact/presence.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { parseRelativePath } from "../identity/key.ts";
import { formatManifest, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import { hashFile } from "../work_tree/hash_file.ts";

/** A file or folder of the work tree that was left as it is, and why. */
export interface KeptFile {
  readonly path: string;
  readonly why: string;
}

export interface RemovedFiles {
  /** Paths relative to the work tree. */
  readonly removed: readonly string[];
  readonly kept: readonly KeptFile[];
}

/**
 * Removes the files of the work tree that have the keys of artifacts and exactly their bytes, which
 * the store holds. Whatever differs, or is itself the only copy, stays. `rows` may be several
 * versions of a key: the file may have the bytes of any.
 */
export async function removeWorkFiles(
  instance: Instance,
  rows: readonly ArtifactRow[],
  dryRun: boolean,
): Promise<RemovedFiles> {
  const contents = await instance.database.read((reader) => contentsOf(reader, rows));
  const removed: string[] = [];
  const kept: KeptFile[] = [];
  const byKey = Map.groupBy(rows.filter(({ key }) => key !== null), ({ key }) => key!);
  for (const [key, versions] of byKey) {
    const path = safePath(key);
    const stat = path === undefined ? null : instance.workTree.stat(path);
    if (path === undefined || stat === null) continue;
    const why = await reasonToKeep(instance, path, stat, versions, contents);
    if (why !== undefined) kept.push({ path: key, why });
    else {
      if (!dryRun) removeAll(instance, path, stat);
      removed.push(key);
    }
  }
  if (!dryRun && removed.length > 0) {
    await instance.workTree.flushNames();
    await forget(instance, removed);
  }
  return { removed, kept };
}

/** No file of the work tree can have a key that is no safe path. */
function safePath(key: string): SafePath | undefined {
  try {
    return parseRelativePath(key);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}

async function reasonToKeep(
  instance: Instance,
  path: SafePath,
  stat: FileStat,
  versions: readonly ArtifactRow[],
  contents: ReadonlyMap<number, Content>,
): Promise<string | undefined> {
  if (stat.kind !== "file" && stat.kind !== "directory") return "it is a link or a device";
  const absolute = join(instance.workTree.root, path);
  const bytes = await contentAt(instance, absolute, stat);
  if (bytes === undefined) return "it changes, or has links";
  if (!versions.some(({ id }) => contents.has(id))) return "the recorded bytes were never hashed";
  const same = versions.filter((row) => contents.get(row.id)?.sha256 === bytes);
  if (same.length === 0) return "it is not what was recorded";
  try {
    for (const row of same) if (await isHeldElsewhere(instance, row, absolute)) return undefined;
    return "the store has no other copy of it";
  } catch (error) {
    if (error instanceof LaminError) return `the store could not be asked for it: ${error.message}`;
    throw error;
  }
}

/** SHA-256 of a file, or of the manifest of a folder. */
async function contentAt(
  instance: Instance,
  absolute: string,
  stat: FileStat,
): Promise<string | undefined> {
  try {
    if (stat.kind === "file") return (await hashFile(instance.host, absolute)).sha256;
    const files = [];
    for (const file of folderFiles(instance.host, absolute)) {
      const { sha256 } = await hashFile(instance.host, file.absolute);
      files.push({ path: file.path, size: file.stat.size, sha256 });
    }
    return manifestSha256(await instance.host.hashing(), formatManifest(files));
  } catch (error) {
    if (error instanceof LaminError || error instanceof FileError) return undefined;
    throw error;
  }
}

/** Whether the store holds the bytes of an artifact under another name than that of the file. */
async function isHeldElsewhere(
  instance: Instance,
  row: ArtifactRow,
  absolute: string,
): Promise<boolean> {
  const { files } = instance.host;
  const name = storageKeyOf(row);
  const stored = instance.blobsOf(row.storage_id).locate(name);
  if (stored === undefined) {
    const place = { storageId: row.storage_id, name, isFolder: row.n_files !== null };
    const [presence] = await presenceOf(instance, [place]);
    return presence === "folder" || (presence !== undefined && presence === row.size);
  }
  const stat = files.lstat(stored);
  if (stat === null) return false;
  if (stat.kind === "file" && stat.size !== row.size) return false;
  return files.realPath(stored) !== files.realPath(absolute);
}

function removeAll(instance: Instance, path: SafePath, stat: FileStat): void {
  if (stat.kind === "file") return instance.workTree.remove(path);
  for (const file of folderFiles(instance.host, join(instance.workTree.root, path))) {
    instance.workTree.remove(parseRelativePath(`${path}/${file.path}`));
  }
}

async function forget(instance: Instance, paths: readonly string[]): Promise<void> {
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    await index.update({ forget: paths });
  } finally {
    await index.close();
  }
}
