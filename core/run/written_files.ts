import { LaminError } from "../../store/errors.ts";
import type { FileStat, Host } from "../../store/host/host.ts";
import { join, relativeTo, resolve } from "../../store/path.ts";
import { type FolderFile, folderFiles } from "../artifact/add/folder_files.ts";
import { folderKeys } from "../artifact/add/source.ts";
import type { Instance } from "../instance/instance.ts";
import { isFolderSuffix } from "../identity/suffix.ts";
import { presentAt } from "../work_tree/present.ts";
import { walk } from "../work_tree/walk.ts";

/** Finds the paths that match a pattern; absolute ones, of files and folders. */
export type Glob = (pattern: string) => Promise<readonly string[]>;

/** Where a command may write what is to be recorded. */
export interface OutputsWanted {
  /** Patterns and paths, relative to where the command runs. */
  readonly patterns: readonly string[];
  /** The whole work tree. */
  readonly auto: boolean;
}

/**
 * Sees which files a command wrote: how all that match were before and are after. Folders that are
 * one artifact count as one.
 */
export class WrittenFiles {
  #before: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly wanted: OutputsWanted,
    private readonly glob: Glob,
  ) {}

  /** Throws code "usage" for a pattern that leaves the work tree. */
  async begin(instance: Instance): Promise<void> {
    const { host, workTree } = instance;
    for (const pattern of this.wanted.patterns) {
      const start = pattern.split(/[*?[{(!]/)[0]!;
      const path = resolve(host.workingDirectory(), start === "" ? "." : start);
      if (relativeTo(workTree.root, path) !== undefined) continue;
      throw new LaminError("usage", `'${pattern}' lies outside the instance`, {
        hint: "add such files with 'lamin add --key NAME' inside the command",
      });
    }
    this.#before = await this.#look(instance);
  }

  /** Absolute paths of what is new or was written since, and the patterns that match nothing. */
  async end(
    instance: Instance,
  ): Promise<{ readonly written: readonly string[]; readonly unmatched: readonly string[] }> {
    const unmatched: string[] = [];
    const after = await this.#look(instance, unmatched);
    const written = [...after].filter(([path, mark]) => this.#before.get(path) !== mark)
      .map(([path]) => path).sort();
    return { written, unmatched };
  }

  async #look(instance: Instance, unmatched: string[] = []): Promise<Map<string, string>> {
    const { host, workTree } = instance;
    const { wanted } = this;
    const marks = new Map<string, string>();
    const knownFolders = await folderKeys(instance);
    const enter = async (start: string) => {
      for await (const entries of walk(host, workTree.root, { start, knownFolders })) {
        for (const { path, kind, stat } of entries) {
          const absolute = join(workTree.root, path);
          const mark = kind === "file" ? markOfFile(stat) : markOf(host, absolute);
          if (mark !== undefined) marks.set(absolute, mark);
        }
      }
    };
    if (wanted.auto) await enter("");
    for (const pattern of wanted.patterns) {
      const paths = await this.#matches(host, pattern);
      if (paths.length === 0) unmatched.push(pattern);
      for (const path of paths) {
        const below = relativeTo(workTree.root, path);
        if (below === undefined) continue;
        const isWhole = knownFolders.has(below) || isFolderSuffix(below);
        const isOpen = !isWhole && presentAt(host, path)?.kind === "directory";
        const mark = isOpen ? undefined : markOf(host, path);
        if (isOpen) await enter(below);
        else if (mark !== undefined) marks.set(path, mark);
      }
    }
    return marks;
  }

  async #matches(host: Host, pattern: string): Promise<readonly string[]> {
    const path = resolve(host.workingDirectory(), pattern);
    return presentAt(host, path) === null ? await this.glob(pattern) : [path];
  }
}

/** A text that changes when a file or anything in a folder is written; undefined for neither. */
export function markOf(host: Host, path: string): string | undefined {
  const stat = presentAt(host, path);
  if (stat?.kind === "file") return markOfFile(stat);
  if (stat?.kind !== "directory") return undefined;
  const files = filesIn(host, path);
  if (files === undefined) return `? ${stat.changedMs}`;
  const last = files.reduce((most, file) => Math.max(most, file.stat.changedMs), 0);
  const size = files.reduce((sum, file) => sum + file.stat.size, 0);
  return `${files.length} ${size} ${last}`;
}

function markOfFile({ size, modifiedMs, changedMs, inode }: FileStat): string {
  return `${size} ${modifiedMs} ${changedMs} ${inode}`;
}

/** The files of a folder; undefined for one that cannot be an artifact. */
function filesIn(host: Host, path: string): FolderFile[] | undefined {
  try {
    return folderFiles(host, path);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
