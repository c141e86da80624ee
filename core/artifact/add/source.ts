import { LaminError } from "../../../store/errors.ts";
import type { FileStat } from "../../../store/host/host.ts";
import { basename, join } from "../../../store/path.ts";
import { type ArtifactKey, parseKey } from "../../identity/key.ts";
import { isFolderSuffix } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { type PassedOver, walk, whyUnseen } from "../../work_tree/walk.ts";
import { isWrittenSince, type MakingRun } from "./making_run.ts";
import { openFolders } from "./open_folders.ts";
import type { PathList } from "./path_list.ts";
import { Places, type Present } from "./places.ts";
import { UniqueSources } from "./unique_sources.ts";

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
  readonly paths: PathList;
  readonly key?: string;
  readonly keyPrefix?: string;
  /** The key of a path, absolute with links followed, where the caller knows it. */
  readonly keyAt?: (path: string) => string | undefined;
  /** Whether a path from outside the work tree may go without a key. */
  readonly allowKeyless: boolean;
  readonly folders: "by name" | "folder" | "files";
  /** Id of the artifact that surely records a file of the work tree as it is, if there is one. */
  readonly settledId?: (workPath: string, stat: FileStat) => number | undefined;
  /** The run that the command belongs to. */
  readonly run?: MakingRun;
}

/** A path that cannot become an artifact, and why. */
export interface Refused {
  readonly path: string;
  readonly why: string;
}

/** What a collection finds beside sources; filled while it goes on. */
export interface Found {
  /** Ids of artifacts whose files need no look. */
  readonly unchanged: Set<number>;
  /** Ids of those whose files were written since the run of the command began. */
  readonly rewritten: Set<number>;
  readonly refused: Refused[];
  /** With absolute paths. */
  readonly passedOver: PassedOver[];
}

/** How many sources are given at a time, so that memory stays bounded. */
const sourcesAtOnce = 2000;

/**
 * Finds the files and folders behind the paths of a command, some at a time. Folders that are not
 * one artifact are walked, honouring `.laminignore`. Throws code "usage" when a key is missing or
 * does not fit.
 */
export async function* collectSources(
  instance: Instance,
  request: SourceRequest,
  found: Found,
): AsyncGenerator<Source[]> {
  if (request.key !== undefined && request.paths.length > 1) {
    throw new LaminError("usage", "--key names one artifact, but there are several paths", {
      hint: "use --key-prefix to put them all below one prefix",
    });
  }
  const collector = new Collector(instance, request, found, await folderKeys(instance));
  for (const given of request.paths) {
    const present = collector.lookUp(given);
    if (present === undefined) continue;
    // Of files there may be a million: they need no generator of their own.
    if (present.stat.kind !== "directory") collector.takeFile(present);
    else {
      for await (const _ of collector.takeFolder(present, given)) {
        if (collector.sources.length >= sourcesAtOnce) yield collector.sources.splice(0);
      }
    }
    if (collector.sources.length >= sourcesAtOnce) yield collector.sources.splice(0);
  }
  if (collector.sources.length > 0) yield collector.sources;
}

/**
 * Keys of folders that are one artifact, so that each stays one though its name does not say so.
 * The query is put so that the index on the number of files serves: folders are few.
 */
export async function folderKeys(instance: Instance): Promise<ReadonlySet<string>> {
  const rows = await instance.database.read((reader) =>
    reader.all<{ key: string }>(
      `SELECT DISTINCT key FROM lamindb_artifact
       WHERE n_files >= 0 AND COALESCE(is_latest, FALSE) AND key IS NOT NULL AND branch_id <> ?`,
      [trashBranch],
    )
  );
  return new Set(rows.map((row) => row.key));
}

/** Where something lies, and what it is called below a prefix when that is outside. */
interface Located {
  readonly path: string;
  readonly workPath: string | undefined;
  readonly outsideName: string;
}

class Collector {
  readonly sources: Source[] = [];
  readonly #places: Places;
  readonly #unique = new UniqueSources(oneKeyTwice);

  constructor(
    private readonly instance: Instance,
    private readonly request: SourceRequest,
    private readonly found: Found,
    private readonly knownFolders: ReadonlySet<string>,
  ) {
    this.#places = new Places(instance.host, {
      workTree: instance.workTree.root,
      ownFolder: join(instance.location.root, ".lamindb"),
    });
  }

  /** What is at a path, if it may be taken; else it is refused. */
  lookUp(given: string): Present | undefined {
    const present = this.#places.lookUp(given);
    if (typeof present !== "string") return present;
    this.found.refused.push({ path: given, why: present });
    return undefined;
  }

  takeFile({ path, workPath, stat }: Present): void {
    if (workPath !== undefined && this.#isSettled(workPath, stat)) return;
    this.#take({ path, workPath, outsideName: basename(path) }, stat, false);
  }

  /** Takes a folder, or what is in it; gives something whenever it took more. */
  async *takeFolder(present: Present, given: string): AsyncGenerator<void> {
    const { path, workPath: inside, stat } = present;
    if (await this.#isWhole(path, inside)) {
      this.#take({ path, workPath: inside, outsideName: basename(path) }, stat, true);
      yield;
    } else if (this.request.key === undefined) yield* this.#walk(path, inside);
    else {
      throw new LaminError("usage", `${given} is a folder of files, and --key names one artifact`, {
        hint: "add '--as folder' to make it one artifact, or use --key-prefix",
      });
    }
  }

  async *#walk(path: string, inside: string | undefined): AsyncGenerator<void> {
    const { folders } = this.request;
    const root = inside === undefined ? path : this.instance.workTree.root;
    // Below a prefix, the folder that was named goes first: `add data --key-prefix p` gives
    // `p/data/…`.
    const located = (below: string): Located => ({
      path: join(root, below),
      workPath: inside === undefined ? undefined : below,
      outsideName: inside === undefined ? `${basename(path)}/${below}` : below,
    });
    const entries = walk(this.instance.host, root, {
      ...(inside === undefined ? {} : { start: inside }),
      foldersAsFiles: folders === "files",
      ...(folders === "by name"
        ? {
          knownFolders: this.knownFolders,
          openAmong: async (paths: readonly string[]) => {
            const open = await this.#openAmong(paths.map(located));
            return new Set(paths.filter((one) => open.has(located(one).path)));
          },
        }
        : {}),
      passedOver: (what) => passOver({ ...what, path: join(root, what.path) }, this.found),
    });
    for await (const inFolder of entries) {
      inFolder.forEach(({ path: below, stat, kind }) => {
        if (kind === "file" && inside !== undefined && this.#isSettled(below, stat)) return;
        this.#take(located(below), stat, kind === "folder");
      });
      yield;
    }
  }

  #isSettled(workPath: string, stat: FileStat): boolean {
    const id = this.request.settledId?.(workPath, stat);
    if (id !== undefined) this.found.unchanged.add(id);
    const { run } = this.request;
    if (id !== undefined && run !== undefined && isWrittenSince(run, stat)) {
      this.found.rewritten.add(id);
    }
    return id !== undefined;
  }

  async #isWhole(path: string, inside: string | undefined): Promise<boolean> {
    const { folders } = this.request;
    if (folders !== "by name") return folders === "folder";
    if (this.knownFolders.has(inside ?? "")) return true;
    if (!isFolderSuffix(basename(path))) return false;
    const folder = { path, workPath: inside, outsideName: basename(path) };
    return (await this.#openAmong([folder])).size === 0;
  }

  /**
   * Which folders have files that are artifacts already: such a folder stays so, whatever its name.
   */
  async #openAmong(folders: readonly Located[]): Promise<ReadonlySet<string>> {
    const { request } = this;
    const hasKeys = folders[0]!.workPath !== undefined || request.keyPrefix !== undefined;
    if (request.key !== undefined || !hasKeys) return new Set();
    const byKey = new Map(folders.map((folder) => [keyFor(request, folder)!, folder.path]));
    const open = await this.instance.database.read((reader) => openFolders(reader, byKey.keys()));
    return new Set(open.map((key) => byKey.get(key)!));
  }

  /**
   * A name that cannot be a key is refused by name, so that one such file does not stop the others.
   */
  #take(located: Located, stat: FileStat, isFolder: boolean): void {
    const { request, found } = this;
    const { path, workPath } = located;
    const text = keyFor(request, located);
    let key: ArtifactKey | null;
    try {
      key = text === null ? null : parseKey(text);
    } catch (error) {
      if (!(error instanceof LaminError) || request.key !== undefined) throw error;
      found.refused.push({ path, why: error.message });
      return;
    }
    if (this.#unique.admits(path, key)) this.sources.push({ path, workPath, key, isFolder, stat });
  }
}

function oneKeyTwice(key: string, one: string, other: string): LaminError {
  return new LaminError("usage", `two paths would get the key ${key}`, {
    hint: `${one} and ${other}: add them one by one with --key`,
    data: { key },
  });
}

/** What could have been added, had it been readable, is refused; the rest is only told. */
function passOver(what: PassedOver, found: Found): void {
  const { path, why } = what;
  const unseen = whyUnseen[why];
  if (unseen !== undefined) found.refused.push({ path, why: unseen });
  else found.passedOver.push(what);
}

function keyFor(
  request: SourceRequest,
  { path, workPath, outsideName }: Located,
): string | null {
  const known = request.key ?? request.keyAt?.(path);
  if (known !== undefined) return known;
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
