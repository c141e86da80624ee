import { LaminError } from "../../store/errors.ts";
import { FileClock } from "../../store/file_clock.ts";
import { FileError, type FileStat, type Host } from "../../store/host/host.ts";
import { dirname } from "../../store/path.ts";
import { type IndexedFile, indexEntry, isUnchanged } from "../../store/work_index/indexed_file.ts";
import type { IndexedFiles } from "../../store/work_index/indexed_files.ts";

/** What identifies the content of a file: our hash, and LaminDB's with its type. */
export interface FileContent {
  readonly sha256: string;
  readonly hash: string;
  readonly hashType: string;
}

/**
 * The content of files on this machine: from the index where a file surely did not change, else by
 * reading it. What was read is remembered in `learnt`, for the index.
 */
export class FileContents {
  readonly #learnt = new Map<string, IndexedFile>();

  readonly #host: Host;
  readonly #clock: FileClock;

  constructor(
    place: { readonly host: Host; readonly workIndexPath: string },
    private readonly indexed: IndexedFiles,
    private readonly progress: (bytes: number) => void = () => {},
  ) {
    this.#host = place.host;
    this.#clock = new FileClock(place.host, dirname(place.workIndexPath));
  }

  /** Entries of the files that were read; their times are those of before the reading. */
  get learnt(): IndexedFile[] {
    return [...this.#learnt.values()];
  }

  /** Whether there is or will be an entry for a path. */
  isIndexed(path: string): boolean {
    return this.#learnt.has(path) || this.indexed.has(path);
  }

  /** What is known of a file in the work tree without opening it. */
  known(path: string, stat: FileStat): FileContent | undefined {
    const entry = this.#learnt.get(path) ?? this.indexed.get(path);
    return entry !== undefined && isUnchanged(entry, stat) ? entry : undefined;
  }

  /**
   * The content of a file that is now at `absolute`; undefined when it is gone or changes while it
   * is read. `path` is its path in the work tree, undefined for a file outside of it.
   */
  async of(
    path: string | undefined,
    absolute: string,
    stat: FileStat,
  ): Promise<FileContent | undefined> {
    const known = path === undefined ? undefined : this.known(path, stat);
    if (known !== undefined) return known;
    if (path === undefined) return await this.#read(absolute);
    const indexedMs = this.#clock.before(stat);
    const content = await this.#read(absolute);
    if (content === undefined) return undefined;
    const after = this.#host.files.stat(absolute);
    if (after === null || after.size !== stat.size || after.changedMs !== stat.changedMs) {
      return undefined;
    }
    this.#learnt.set(path, indexEntry(path, stat, indexedMs, content));
    return content;
  }

  async #read(absolute: string): Promise<FileContent | undefined> {
    try {
      // Loaded only now: most of the time nothing needs to be hashed.
      const { hashFile } = await import("./hash_file.ts");
      return await hashFile(this.#host, absolute, this.progress);
    } catch (error) {
      const isGone = error instanceof FileError && error.code === "ENOENT";
      const isChanging = error instanceof LaminError && error.code === "conflict";
      if (isGone || isChanging) return undefined;
      throw error;
    }
  }
}
