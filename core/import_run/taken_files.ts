import { FileError } from "../../store/host/host.ts";
import { basename, join, relativeTo, resolve } from "../../store/path.ts";
import { type FolderFile, folderFiles } from "../artifact/add/folder_files.ts";
import type { Instance } from "../instance/instance.ts";
import { remoteSchemeOf } from "../instance/remote_root.ts";
import { hashFile } from "../work_tree/hash_file.ts";
import { LaminError } from "../../store/errors.ts";
import type { TaskFile } from "./imported.ts";

export interface TakeRequest {
  /** Where the workflow worked, absolute. */
  readonly folder: string;
  /** What goes before keys of files that do not lie in the work tree. */
  readonly prefix: string;
  /** Other folders from which files may be taken, absolute. */
  readonly also: readonly string[];
  /** Whether files count as they are now, even if they changed after the task. */
  readonly asTheyAre: boolean;
}

/** A file or folder that a task read or wrote, as it still lies there. */
export interface TakenFile {
  /** Absolute, links followed. */
  readonly path: string;
  readonly key: string;
  readonly isFolder: boolean;
}

/** How much later than its task a file may have been written: clocks are coarse. */
const toleranceMs = 2000;

/**
 * Decides which of the files that a workflow manager names are taken. The names are not trusted:
 * only what lies in the folder of the workflow, in the work tree or in folders that the user named
 * is read, links followed. What changed after the task is not what the task saw.
 */
export class TakenFiles {
  readonly #roots: readonly string[];
  readonly #known = new Map<string, TakenFile | string>();

  constructor(private readonly instance: Instance, private readonly request: TakeRequest) {
    const { files } = instance.host;
    const roots = [request.folder, instance.workTree.root, ...request.also];
    this.#roots = roots.map((root) => files.realPath(root));
  }

  /** The file, or why it is not taken. */
  async take({ published, ...file }: TaskFile, finishedAt: Date): Promise<TakenFile | string> {
    const copy = published && await this.#find({ path: published.path }, published.at);
    return typeof copy === "object" ? copy : await this.#find(file, finishedAt);
  }

  async #find({ path: given, sha256 }: TaskFile, finishedAt: Date): Promise<TakenFile | string> {
    const known = `${given}\0${sha256}\0${finishedAt.getTime()}`;
    let found = this.#known.get(known);
    if (found === undefined) {
      found = await this.#look(given, sha256, finishedAt);
      this.#known.set(known, found);
    }
    return found;
  }

  async #look(
    given: string,
    sha256: string | undefined,
    finishedAt: Date,
  ): Promise<TakenFile | string> {
    if (remoteSchemeOf(given) !== undefined) return "it lies on a server";
    const { files } = this.instance.host;
    try {
      const named = resolve(this.request.folder, given);
      const stat = files.stat(named);
      if (stat === null) return "it is gone";
      const path = files.realPath(named);
      const key = this.#keyOf(path);
      if (key === undefined) return "it lies outside of the workflow's folder";
      if (stat.kind === "other") return "it is neither a file nor a folder";
      const why = stat.kind === "directory"
        ? this.#whyOther(newest(folderFiles(this.instance.host, path)), finishedAt)
        : sha256 !== undefined
        ? await this.#whyOtherContent(path, sha256)
        : this.#whyOther(stat.modifiedMs, finishedAt);
      return why ?? { path, key, isFolder: stat.kind === "directory" };
    } catch (error) {
      if (error instanceof LaminError) return error.message;
      if (error instanceof FileError) return `it cannot be read (${error.code})`;
      throw error;
    }
  }

  #keyOf(path: string): string | undefined {
    const [folder, workTree, ...also] = this.#roots as [string, string, ...string[]];
    const inside = relativeTo(workTree, path);
    if (inside) return inside;
    const below = relativeTo(folder, path);
    if (below) return join(this.request.prefix, below);
    for (const root of also) {
      const elsewhere = relativeTo(root, path);
      if (elsewhere !== undefined) return join(this.request.prefix, basename(root), elsewhere);
    }
    return undefined;
  }

  #whyOther(modifiedMs: number, finishedAt: Date): string | undefined {
    if (this.request.asTheyAre) return undefined;
    return modifiedMs > finishedAt.getTime() + toleranceMs ? changedSince : undefined;
  }

  async #whyOtherContent(path: string, sha256: string): Promise<string | undefined> {
    const content = await hashFile(this.instance.host, path);
    return content.sha256 === sha256 ? undefined : changedSince;
  }
}

const changedSince = "it changed since";

function newest(files: readonly FolderFile[]): number {
  return files.reduce((latest, { stat }) => Math.max(latest, stat.modifiedMs), 0);
}
