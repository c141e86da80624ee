import type { Files } from "./host/host.ts";
import { flushFolders } from "./objects/durable_folders.ts";

/** Folders below a root with names that a power loss could take or bring back. */
export class ChangedNames {
  readonly #changed = new Set<string>();
  /** Those of them in which there are new folders. */
  readonly #grown = new Set<string>();

  constructor(private readonly files: Files, private readonly root: string) {}

  /** Says that a name in a folder, an absolute path, was given or taken. */
  add(folder: string): void {
    this.#changed.add(folder);
  }

  /** Says that a folder has a new folder in it. */
  grow(folder: string): void {
    this.#changed.add(folder);
    this.#grown.add(folder);
  }

  /** Makes new folders survive a power loss, before something precious is put into them. */
  flushGrown(): void {
    for (const folder of this.#grown) this.files.flushDirectory(folder);
    this.#grown.clear();
  }

  /** Makes all names survive a power loss. */
  async flush(): Promise<void> {
    const folders = [...this.#changed].filter((folder) =>
      this.files.lstat(folder)?.kind === "directory"
    );
    this.forget();
    await flushFolders(this.files, folders, this.root);
  }

  /** Says that all names were flushed. */
  forget(): void {
    this.#changed.clear();
    this.#grown.clear();
  }
}
