import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { type FolderFile, folderFiles } from "../artifact/add/folder_files.ts";
import type { FileContent, FileContents } from "../work_tree/file_contents.ts";
import type { TrackedArtifact } from "./tracked.ts";

/** SHA-256 of the files of folders by path, under the SHA-256 of their manifest. */
export type Manifests = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads the manifests of these folders, in one query. */
export async function manifestsOf(
  reader: Reader,
  folders: readonly TrackedArtifact[],
): Promise<Manifests> {
  const manifests = new Map<string, Map<string, string>>();
  for (const { sha256 } of folders) if (sha256 !== null) manifests.set(sha256, new Map());
  if (manifests.size === 0) return manifests;
  const list = reader.dialect.valuesOf([...manifests.keys()]);
  const rows = await reader.all<{ manifest: string; path: string; sha256: string }>(
    `SELECT manifest, path, sha256 FROM lamin_manifestfile WHERE manifest IN (${list.sql})`,
    list.parameters,
  );
  for (const { manifest, path, sha256 } of rows) manifests.get(manifest)!.set(path, sha256);
  return manifests;
}

export interface FolderTools {
  readonly host: Host;
  readonly contents: FileContents;
  readonly manifests: Manifests;
}

/**
 * Whether the folder at `absolute` has the files of an artifact. `path` is its path in the work
 * tree, under which its files stand in the index.
 */
export async function matchesFolder(
  tools: FolderTools,
  artifact: TrackedArtifact,
  path: string,
  absolute: string,
): Promise<boolean> {
  const files = filesIn(tools.host, absolute);
  if (files === undefined || files.length !== artifact.fileCount) return false;
  const size = files.reduce((sum, { stat }) => sum + stat.size, 0);
  if (artifact.size !== null && size !== artifact.size) return false;
  const manifest = artifact.sha256 === null ? undefined : tools.manifests.get(artifact.sha256);
  if (manifest === undefined) return await matchesLaminHash(tools, artifact, path, files);
  for (const file of files) {
    const recorded = manifest.get(file.path);
    if (recorded === undefined) return false;
    if ((await contentOf(tools, path, file))?.sha256 !== recorded) return false;
  }
  return true;
}

/** Folders that only Python wrote are compared by LaminDB's hash, which says nothing of names. */
async function matchesLaminHash(
  tools: FolderTools,
  artifact: TrackedArtifact,
  path: string,
  files: readonly FolderFile[],
): Promise<boolean> {
  const { folderHashType, hashFolder } = await import("../identity/hash.ts");
  if (artifact.hashType !== folderHashType) return true;
  const hashes: string[] = [];
  for (const file of files) {
    const content = await contentOf(tools, path, file);
    if (content === undefined) return false;
    hashes.push(content.hash);
  }
  return hashFolder(await tools.host.hashing(), hashes) === artifact.hash;
}

async function contentOf(
  { contents }: FolderTools,
  folder: string,
  file: FolderFile,
): Promise<FileContent | undefined> {
  return await contents.of(`${folder}/${file.path}`, file.absolute, file.stat);
}

/** The files of a folder, undefined when something in it could not be part of an artifact. */
function filesIn(host: Host, folder: string): FolderFile[] | undefined {
  try {
    return folderFiles(host, folder);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
