import { LaminError } from "../../../store/errors.ts";
import { FileError, type FileStat } from "../../../store/host/host.ts";
import { join, relativeTo } from "../../../store/path.ts";
import { parseRelativePath, type RelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { FileContent, FileContents } from "../../work_tree/file_contents.ts";
import { folderFiles } from "../add/folder_files.ts";
import { checkedFiles } from "../checked_files.ts";
import { type ContentFile, nameOf } from "../content_files.ts";
import { hashedMember } from "../hashed_member.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Destination } from "./destination.ts";
import { faultOf } from "./fault.ts";
import type { Selected } from "./select.ts";

export interface LookTools {
  readonly instance: Instance;
  readonly destination: Destination;
  readonly contents: FileContents;
  readonly progress: (bytes: number) => void;
}

/** What is at the path of a file before it is decided what to do. */
export interface LookedAtFile {
  readonly file: ContentFile;
  readonly path: RelativePath;
  readonly present: FileStat | null;
  readonly isSame: boolean;
  /** Content of another file there, if it can be told. */
  readonly differs?: FileContent;
  /** What stands in the way even with force. */
  readonly obstacle?: string;
}

export interface LookedAt {
  readonly row: ArtifactRow;
  /** Below the root of the destination, as text. */
  readonly path: string;
  readonly files: readonly LookedAtFile[];
  /** Files in a folder that are not part of the artifact. */
  readonly extra: readonly string[];
  /** Why nothing of it can be written. */
  readonly fault?: LaminError;
}

/**
 * What is at the paths that an artifact's files would get. `listed` are those files, or why they
 * cannot be told. An unsafe path, a folder that is a symbolic link or bytes that are gone end up as
 * `fault`.
 */
export async function look(
  tools: LookTools,
  selected: Selected,
  listed: readonly ContentFile[] | LaminError,
): Promise<LookedAt> {
  const { row } = selected;
  const path = tools.destination.pathOf(selected);
  try {
    if (listed instanceof LaminError) throw listed;
    parseRelativePath(path);
    const files: LookedAtFile[] = [];
    for (const file of await checkedFiles(tools.instance, row, listed, tools.progress)) {
      const below = file.path === "" ? path : `${path}/${file.path}`;
      files.push(await lookAt(tools, row, file, parseRelativePath(below)));
    }
    return { row, path, files, extra: row.n_files === null ? [] : extraFiles(tools, path, files) };
  } catch (error) {
    return { row, path, files: [], extra: [], fault: faultOf(error) };
  }
}

async function lookAt(
  { instance, destination: { tree }, contents }: LookTools,
  row: ArtifactRow,
  file: ContentFile,
  path: RelativePath,
): Promise<LookedAtFile> {
  tree.requireFolders(path);
  const present = tree.stat(path);
  const looked = { file, path, present, isSame: false };
  if (present === null || present.kind === "symlink" || present.kind === "other") return looked;
  if (present.kind === "directory") return { ...looked, obstacle: "a folder is there" };
  const absolute = join(tree.root, path);
  const content = await readable(() =>
    contents.of(relativeTo(instance.workTree.root, absolute), absolute, present)
  );
  const source = instance.blobsOf(row.storage_id).locate(file.name);
  if (content !== undefined && await isContentOf(instance, row, file, content)) {
    return { ...looked, isSame: true };
  }
  if (absolute === source) {
    throw new LaminError("damaged", `${nameOf(row)} was registered in place and changed since`, {
      hint: "its recorded bytes are gone; 'lamin add' records the new ones",
      data: { uid: row.uid, key: row.key },
    });
  }
  return content === undefined ? looked : { ...looked, differs: content };
}

/** A file that may not be read counts as one that is recorded nowhere. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FileError && ["EACCES", "EPERM"].includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * LaminDB's hash of a large file leaves bytes out: where it agrees, the stored ones are read too.
 */
async function isContentOf(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
  content: FileContent,
): Promise<boolean> {
  if (file.sha256 !== undefined) return content.sha256 === file.sha256;
  if (content.hash !== file.hash) return false;
  if (content.hashType === "md5") return true;
  try {
    return (await hashedMember(instance, row, file)).sha256 === content.sha256;
  } catch (error) {
    if (error instanceof LaminError && error.code === "damaged") return false;
    throw error;
  }
}

/** Files below the path of a folder that the artifact does not have. */
function extraFiles(
  { instance, destination: { tree } }: LookTools,
  path: string,
  files: readonly LookedAtFile[],
): string[] {
  const absolute = join(tree.root, path);
  if (instance.host.files.lstat(absolute)?.kind !== "directory") return [];
  const own = new Set(files.map(({ file }) => file.path));
  try {
    return folderFiles(instance.host, absolute).map((file) => file.path).filter((one) =>
      !own.has(one)
    );
  } catch (error) {
    if (error instanceof LaminError) return []; // links that lead out of it: nothing to list
    throw error;
  }
}
