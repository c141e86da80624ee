import { FileError, type FileStat, type Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { isFolderSuffix } from "../identity/suffix.ts";
import { ignoreFileName, type IgnoreRules, ignoreRules } from "./ignore.ts";

/** A file, or a folder that is one artifact, that a walk met. */
export interface WalkedEntry {
  /** Relative to the root of the walk, with `/`. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** Of the file, or of the folder itself. */
  readonly stat: FileStat;
}

/** Something that a walk passed over, and why. */
export interface PassedOver {
  readonly path: string;
  readonly isFolder: boolean;
  /** "name": its name is no UTF-8, so that it cannot be opened under the name that is seen. */
  readonly why: "ignored" | "symlink" | "special" | "storage" | "unreadable" | "name" | "long";
}

/** Why something could not even be looked at, in words. */
export const whyUnseen: Readonly<Partial<Record<PassedOver["why"], string>>> = {
  unreadable: "you may not read it",
  name: "its name is not valid UTF-8",
  long: "its path is too long",
};

export interface WalkOptions {
  /** Where to start, relative to the root; the root itself by default. */
  readonly start?: string;
  /** Take folders such as `x.zarr` apart instead of as one artifact. */
  readonly foldersAsFiles?: boolean;
  /** Folders that are one artifact though their name does not say so. */
  readonly knownFolders?: ReadonlySet<string>;
  /** Folders whose files are artifacts of their own though their name says something else. */
  readonly openFolders?: ReadonlySet<string>;
  /** Which of these folders are such ones: asked of those whose name says something else. */
  readonly openAmong?: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly passedOver?: (what: PassedOver) => void;
}

/** What marks a folder as the storage of an instance (COMPAT §1.2). */
const storageMark = ".lamindb";

/**
 * Walks a folder in the order of names and gives the entries of one folder at a time, honouring
 * `.laminignore`. Symbolic links are not followed and, like sockets and devices, passed over. So
 * are the storages of instances, other than the folder that the walk starts in: what they hold is
 * theirs. Files that vanish during the walk are left out. Throws a FileError when the start is not
 * there.
 */
export async function* walk(
  host: Host,
  root: string,
  options: WalkOptions = {},
): AsyncGenerator<WalkedEntry[]> {
  const rules = ignoreRules(host, root);
  const start = options.start ?? "";
  for (const folder of foldersAbove(start)) await rules.enter(folder);
  const pending = [start];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const names = readFolder(host, join(root, folder), folder === start);
    const why = names === undefined
      ? "unreadable"
      : folder !== start && isStorage(host, join(root, folder), names)
      ? "storage"
      : undefined;
    if (names === undefined || why !== undefined) {
      options.passedOver?.({ path: folder, isFolder: true, why: why! });
      continue;
    }
    if (names.includes(ignoreFileName)) await rules.enter(folder);
    const { found, below } = lookInto(host, { root, folder, names, rules }, options);
    const open = await openAmong(found, options);
    const taken = open.size === 0 ? found : found.filter(({ path }) => !open.has(path));
    if (taken.length > 0) yield taken;
    if (open.size > 0) below.push(...open);
    for (const path of below.sort().reverse()) pending.push(path);
  }
}

/**
 * What the names in a folder are, and folders to walk. A function of its own: inside a generator,
 * engines run such a loop at a fraction of its speed.
 */
function lookInto(
  host: Host,
  { root, folder, names, rules }: {
    readonly root: string;
    readonly folder: string;
    readonly names: string[];
    readonly rules: IgnoreRules;
  },
  options: WalkOptions,
): { found: WalkedEntry[]; below: string[] } {
  const found: WalkedEntry[] = [];
  const below: string[] = [];
  const above = folder === "" ? "" : `${folder}/`;
  const absolute = `${join(root, folder)}/`;
  for (const name of names.sort()) {
    const path = above + name;
    const looked = lookAt(host, absolute + name);
    if (looked === null) continue;
    const isFolder = typeof looked !== "string" && looked.kind === "directory";
    if (rules.ignores(path, name, isFolder)) {
      options.passedOver?.({ path, isFolder, why: "ignored" });
    } else if (typeof looked === "string") {
      options.passedOver?.({ path, isFolder, why: looked });
    } else if (isFolder && !isWhole(path, options)) below.push(path);
    else found.push({ path, kind: isFolder ? "folder" : "file", stat: looked });
  }
  return { found, below };
}

/**
 * Names in a folder; none when it vanished after the walk met it, undefined when it may not be
 * read.
 */
function readFolder(host: Host, folder: string, isStart: boolean): string[] | undefined {
  try {
    return host.files.readNames(folder);
  } catch (error) {
    if (isDenied(error)) return undefined;
    if (!isStart && error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) {
      return [];
    }
    throw error;
  }
}

function isStorage(host: Host, folder: string, names: readonly string[]): boolean {
  return names.includes(storageMark) &&
    host.files.lstat(join(folder, storageMark))?.kind === "directory";
}

function isWhole(path: string, options: WalkOptions): boolean {
  if (options.knownFolders?.has(path)) return true;
  if (options.openFolders?.has(path)) return false;
  return !options.foldersAsFiles && isFolderSuffix(path.slice(path.lastIndexOf("/") + 1));
}

async function openAmong(
  found: readonly WalkedEntry[],
  { openAmong, knownFolders }: WalkOptions,
): Promise<ReadonlySet<string>> {
  if (openAmong === undefined) return none;
  const asked = found.filter(({ kind, path }) => kind === "folder" && !knownFolders?.has(path));
  return asked.length === 0 ? none : await openAmong(asked.map(({ path }) => path));
}

const none: ReadonlySet<string> = new Set();

/** What a name is: null when it vanished, or why it is passed over. */
function lookAt(host: Host, path: string): FileStat | PassedOver["why"] | null {
  let stat: FileStat | null;
  try {
    stat = host.files.lstat(path);
  } catch (error) {
    if (isDenied(error)) return "unreadable";
    if (error instanceof FileError && error.code === "ENAMETOOLONG") return "long";
    throw error;
  }
  if (stat === null) return path.includes("\ufffd") ? "name" : null;
  if (stat.kind === "symlink") return "symlink";
  return stat.kind === "other" ? "special" : stat;
}

function isDenied(error: unknown): boolean {
  return error instanceof FileError && ["EACCES", "EPERM"].includes(error.code);
}

/** `a/b/c` has `""`, `a` and `a/b` above it. */
function foldersAbove(path: string): string[] {
  if (path === "") return [];
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/"));
}
