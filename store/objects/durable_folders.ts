import { FileError, type Files } from "../host/host.ts";
import { makeFolder } from "../host/shared_access.ts";
import { dirname } from "../path.ts";

/**
 * Up to this many are flushed one by one; more with the whole file system, by a program of the
 * system, whose start alone takes as long as flushing twenty files on a common disk.
 */
export const flushedSinglyMax = 16;

/**
 * Makes folders, and remembers in which folders there are new names that a power loss could take.
 */
export class DurableFolders {
  readonly #known = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(private readonly files: Files) {}

  /** Makes a folder and what is missing above it. */
  make(folder: string): void {
    if (this.#known.has(folder)) return;
    if (this.files.stat(folder)?.kind !== "directory") {
      const above = dirname(folder);
      if (above !== folder) this.make(above);
      this.#makeOne(folder);
      this.#changed.add(above);
    }
    this.#known.add(folder);
  }

  #makeOne(folder: string): void {
    try {
      makeFolder(this.files, folder);
    } catch (error) {
      // Another process may have been faster; a file in the way shows when something is put there.
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
  }

  /** Says that a folder gets a new name. */
  touch(folder: string): void {
    this.#changed.add(folder);
  }

  /** Forgets that a folder is there: another process removes folders that it sees empty. */
  forget(folder: string): void {
    this.#known.delete(folder);
  }

  /** Makes all new names survive a power loss. */
  async flush(): Promise<void> {
    const folders = [...this.#changed];
    this.#changed.clear();
    await flushFolders(this.files, folders, folders[0]!);
  }
}

/** Makes the names in folders survive a power loss; `within` is a folder on the same disk. */
export async function flushFolders(
  files: Files,
  folders: readonly string[],
  within: string,
): Promise<void> {
  if (folders.length > flushedSinglyMax && await files.flushFileSystem(within)) return;
  for (const folder of folders) files.flushDirectory(folder);
}
