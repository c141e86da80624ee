import { LaminError } from "../../../store/errors.ts";
import type { FileStat, Host } from "../../../store/host/host.ts";
import { basename, join, relativeTo, resolve } from "../../../store/path.ts";
import { type ArtifactKey, parseKey } from "../../identity/key.ts";
import { isFolderSuffix } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { type PassedOver, walk } from "../../work_tree/walk.ts";
import { reasonToRefuse } from "./refusal.ts";

/** One artifact to be: a file or folder on this machine and the key that it goes by. */
export interface Source {
  /** Absolute path, links followed. */
  readonly path: string;
  /** Path relative to the work tree, when it lies in there. */
  readonly workPath: string | undefined;
  /** Null for an artifact that has only a description. */
  readonly key: ArtifactKey | null;
  readonly isFolder: boolean;
  readonly stat: FileStat;
}

/** Which paths to take and how to name them. */
export interface SourceRequest {
  /** As the user gave them: relative to the working directory or absolute. */
  readonly paths: readonly string[];
  readonly key?: string;
  readonly keyPrefix?: string;
  /** Whether a path from outside the work tree may go without a key. */
  readonly allowKeyless: boolean;
  readonly folders: "by name" | "folder" | "files";
  /** Id of the artifact that surely records a file of the work tree as it is, if there is one. */
  readonly settledId?: (workPath: string, stat: FileStat) => number | undefined;
}

/** A path that cannot become an artifact, and why. */
export interface Refused {
  readonly path: string;
  readonly why: string;
}

export interface Sources {
  readonly sources: readonly Source[];
  /** Ids of artifacts whose files need no look. */
  readonly unchanged: readonly number[];
  readonly refused: readonly Refused[];
  /** With absolute paths. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Finds the files and folders behind the paths of a command. Folders that are not one artifact are
 * walked, honouring `.laminignore`. Throws code "usage" when a key is missing or does not fit.
 */
export async function collectSources(
  instance: Instance,
  request: SourceRequest,
): Promise<Sources> {
  const { host } = instance;
  const collected = {
    sources: [] as Source[],
    unchanged: new Set<number>(),
    refused: [] as Refused[],
    passedOver: [] as PassedOver[],
  };
  if (request.key !== undefined && request.paths.length > 1) {
    throw new LaminError("usage", "--key names one artifact, but there are several paths", {
      hint: "use --key-prefix to put them all below one prefix",
    });
  }
  const knownFolders = await folderKeys(instance);
  for (const given of request.paths) {
    const found = lookUp(host, resolve(host.workingDirectory(), given));
    if (typeof found === "string") collected.refused.push({ path: given, why: found });
    else await takePath(instance, request, { ...found, given }, knownFolders, collected);
  }
  return {
    ...collected,
    sources: withoutDoubles(collected.sources),
    unchanged: [...collected.unchanged],
  };
}

/** The file or folder at a path, links followed, or why there is none to be added. */
function lookUp(host: Host, path: string): { path: string; stat: FileStat } | string {
  try {
    const stat = host.files.stat(path);
    if (stat === null) return "it does not exist";
    if (stat.kind === "other") return "it is neither a file nor a folder";
    return { path: host.files.realPath(path), stat };
  } catch (error) {
    return reasonToRefuse(error, path);
  }
}

interface Collected {
  sources: Source[];
  unchanged: Set<number>;
  refused: Refused[];
  passedOver: PassedOver[];
}

/**
 * Keys of folders that are one artifact, so that each stays one though its name does not say so.
 * The query is put so that the index on the number of files serves: folders are few.
 */
async function folderKeys(instance: Instance): Promise<ReadonlySet<string>> {
  const rows = await instance.database.read((reader) =>
    reader.all<{ key: string }>(
      `SELECT DISTINCT key FROM lamindb_artifact
       WHERE n_files >= 0 AND COALESCE(is_latest, FALSE) AND key IS NOT NULL AND branch_id <> ?`,
      [trashBranch],
    )
  );
  return new Set(rows.map((row) => row.key));
}

async function takePath(
  instance: Instance,
  request: SourceRequest,
  { path, stat, given }: { path: string; stat: FileStat; given: string },
  knownFolders: ReadonlySet<string>,
  collected: Collected,
): Promise<void> {
  if (relativeTo(join(instance.location.root, ".lamindb"), path) !== undefined) {
    collected.refused.push({ path: given, why: "it belongs to the instance itself" });
    return;
  }
  const isFolder = stat.kind === "directory";
  const inside = relativeTo(instance.workTree.root, path);
  const isKnown = request.folders === "by name" && knownFolders.has(inside ?? "");
  if (!isFolder && inside !== undefined && isSettled(request, { path: inside, stat }, collected)) {
    return;
  }
  if (!isFolder || isKnown || isOneArtifact(path, request)) {
    takeSource(instance, request, { path, stat, isFolder }, basename(path), collected);
    return;
  }
  if (request.key !== undefined) {
    throw new LaminError("usage", `${given} is a folder of files, and --key names one artifact`, {
      hint: "add '--as folder' to make it one artifact, or use --key-prefix",
    });
  }
  const root = inside === undefined ? path : instance.workTree.root;
  const entries = walk(instance.host, root, {
    ...(inside === undefined ? {} : { start: inside }),
    foldersAsFiles: request.folders === "files",
    ...(request.folders === "by name" ? { knownFolders } : {}),
    passedOver: (what) => passOver({ ...what, path: join(root, what.path) }, collected),
  });
  for await (const inFolder of entries) {
    for (const entry of inFolder) {
      const isFolder = entry.kind === "folder";
      if (inside !== undefined && !isFolder && isSettled(request, entry, collected)) continue;
      // Below a prefix, the folder that was named goes first: `add data --key-prefix p` gives
      // `p/data/…`.
      const below = inside === undefined ? `${basename(path)}/${entry.path}` : entry.path;
      const found = { path: join(root, entry.path), stat: entry.stat, isFolder };
      takeSource(instance, request, found, below, collected);
    }
  }
}

function isSettled(
  { settledId }: SourceRequest,
  { path, stat }: { path: string; stat: FileStat },
  { unchanged }: Collected,
): boolean {
  const id = settledId?.(path, stat);
  if (id !== undefined) unchanged.add(id);
  return id !== undefined;
}

/** What could have been added, had it been readable, is refused; the rest is only told. */
function passOver(what: PassedOver, collected: Collected): void {
  const { path, why } = what;
  if (why === "unreadable") collected.refused.push({ path, why: "you may not read it" });
  else if (why === "name") collected.refused.push({ path, why: "its name is not valid UTF-8" });
  else collected.passedOver.push(what);
}

function isOneArtifact(path: string, request: SourceRequest): boolean {
  if (request.folders === "folder") return true;
  return request.folders === "by name" && isFolderSuffix(basename(path));
}

/**
 * A name that cannot be a key is refused by name, so that one such file does not stop the others.
 */
function takeSource(
  instance: Instance,
  request: SourceRequest,
  found: Pick<Source, "path" | "stat" | "isFolder">,
  outsideName: string,
  collected: Collected,
): void {
  const workPath = relativeTo(instance.workTree.root, found.path);
  const key = keyFor(request, workPath, outsideName, found.path);
  try {
    collected.sources.push({ ...found, workPath, key: key === null ? null : parseKey(key) });
  } catch (error) {
    if (!(error instanceof LaminError) || request.key !== undefined) throw error;
    collected.refused.push({ path: found.path, why: error.message });
  }
}

function keyFor(
  request: SourceRequest,
  workPath: string | undefined,
  outsideName: string,
  path: string,
): string | null {
  if (request.key !== undefined) return request.key;
  if (request.keyPrefix !== undefined) {
    return `${request.keyPrefix.replace(/\/+$/, "")}/${workPath ?? outsideName}`;
  }
  if (workPath !== undefined) return workPath;
  if (request.allowKeyless) return null;
  throw new LaminError("usage", `${path} lies outside the instance, so it needs a name`, {
    hint: "give --key NAME, or --key-prefix FOLDER for several",
    data: { path },
  });
}

/** Sources that are named twice count once; two files under one key are an error. */
function withoutDoubles(sources: readonly Source[]): Source[] {
  const byPath = new Map(sources.map((source) => [`${source.path}\0${source.key}`, source]));
  const byKey = new Map<string, Source>();
  for (const source of byPath.values()) {
    if (source.key === null) continue;
    const other = byKey.get(source.key);
    if (other !== undefined) {
      throw new LaminError("usage", `two paths would get the key ${source.key}`, {
        hint: `${other.path} and ${source.path}: add them one by one with --key`,
        data: { key: source.key },
      });
    }
    byKey.set(source.key, source);
  }
  return [...byPath.values()];
}
