import { LaminError } from "../../store/errors.ts";
import type { FileStat, Host } from "../../store/host/host.ts";
import { dirname, relativeTo } from "../../store/path.ts";
import { WorkIndex } from "../../store/work_index/work_index.ts";
import { type FolderFile, folderFiles } from "../artifact/add/folder_files.ts";
import { folderHashType, hashFolder } from "../identity/hash.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../identity/manifest.ts";
import { UnsizedHasher } from "../identity/unsized_hasher.ts";
import type { Instance } from "../instance/instance.ts";
import { type FileContent, FileContents } from "../work_tree/file_contents.ts";

/** What is in a file or folder on this machine. Sizes are in bytes. */
export interface FoundContent {
  readonly kind: "file" | "folder";
  /** Of a folder that of its manifest. */
  readonly sha256: string;
  /** LaminDB's hash and its type. */
  readonly hash: string;
  readonly hashType: string;
  readonly size: number;
  /** The files of a folder. */
  readonly files: readonly ManifestFile[];
}

type Progress = (bytes: number) => void;

/**
 * The content of a file. Throws code "conflict" when it changes while it is read, or a FileError.
 */
export async function fileContent(
  instance: Instance,
  path: string,
  stat: FileStat,
  progress: Progress,
): Promise<FoundContent> {
  const [content] = await contentsOf(instance, [{ path: "", absolute: path, stat }], progress);
  return { kind: "file", ...content!, size: stat.size, files: [] };
}

/** The content of a folder, links in it followed. Throws as {@link fileContent}. */
export async function folderContent(
  instance: Instance,
  files: readonly FolderFile[],
  progress: Progress,
): Promise<FoundContent> {
  const contents = await contentsOf(instance, files, progress);
  const hashing = await instance.host.hashing();
  const members = files.map(({ path, stat }, index) => ({
    path,
    size: stat.size,
    sha256: contents[index]!.sha256,
  }));
  return {
    kind: "folder",
    sha256: manifestSha256(hashing, formatManifest(members)),
    hash: hashFolder(hashing, contents.map(({ hash }) => hash)),
    hashType: folderHashType,
    size: sizeOf(files),
    files: members,
  };
}

/** The files of a folder; undefined when something in it could be part of no artifact. */
export function filesIn(host: Host, path: string): FolderFile[] | undefined {
  try {
    return folderFiles(host, path);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}

/** Bytes of all files together. */
export function sizeOf(files: readonly FolderFile[]): number {
  return files.reduce((sum, { stat }) => sum + stat.size, 0);
}

/** Files of the work tree that did not change are not read again. */
async function contentsOf(
  instance: Instance,
  files: readonly FolderFile[],
  progress: Progress,
): Promise<FileContent[]> {
  const paths = files.map(({ absolute }) => relativeTo(instance.workTree.root, absolute));
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    const folders = paths.flatMap((path) => path === undefined ? [] : [folderOf(path)]);
    const indexed = await index.load(new Set(folders));
    const contents = new FileContents(instance, indexed, progress);
    const found: FileContent[] = [];
    for (const [position, { absolute, stat }] of files.entries()) {
      const path = paths[position];
      const known = path === undefined ? undefined : contents.known(path, stat);
      const content = known ?? await contents.of(undefined, absolute, stat);
      if (content === undefined) throw changed(absolute);
      found.push(content);
    }
    return found;
  } finally {
    await index.close();
  }
}

function folderOf(path: string): string {
  return dirname(`/${path}`).slice(1);
}

/** The content of a stream of bytes. */
export async function streamContent(
  host: Host,
  bytes: AsyncIterable<Uint8Array>,
): Promise<FoundContent> {
  const hasher = new UnsizedHasher(await host.hashing());
  for await (const piece of bytes) hasher.update(piece);
  return { kind: "file", size: hasher.size, files: [], ...hasher.finish() };
}

function changed(path: string): LaminError {
  return new LaminError("conflict", `${path} changed while it was read`, {
    hint: "wait until nothing writes to it, then try again",
    data: { path },
  });
}
