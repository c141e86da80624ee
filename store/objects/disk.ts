import { FileError, type FileKind, type Files, type FileStat, type Host } from "../host/host.ts";
import { dirname, join } from "../path.ts";
import { checkedName, nameTaken, noBytesAt } from "./blob_name.ts";
import type {
  BlobBatch,
  BlobEntry,
  BlobReader,
  BlobStore,
  FolderEntry,
  UnfinishedBatch,
} from "./blob_store.ts";
import { DiskBatch } from "./disk_batch.ts";
import { DurableFolders } from "./durable_folders.ts";
import { openBlob } from "./file_reader.ts";
import { ifThere } from "./if_there.ts";
import { stagingFolder, unfinishedBatches } from "./staging.ts";

export { openBlob } from "./file_reader.ts";

const entryKinds: Readonly<Record<FileKind, FolderEntry["kind"]>> = {
  file: "blob",
  directory: "folder",
  symlink: "other",
  other: "other",
};

/** A storage location that is a folder on a local disk. */
export class DiskBlobStore implements BlobStore {
  readonly kind = "disk";
  readonly #files: Files;

  /** `root` is the absolute path of the location; it need not exist before the first write. */
  constructor(private readonly host: Host, readonly root: string) {
    this.#files = host.files;
  }

  // Async so that a name which leaves the location rejects, here and below.
  // deno-lint-ignore require-await
  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const name of names) {
      const stat = this.#files.stat(this.path(name));
      if (stat?.kind === "file") found.set(name, stat.size);
    }
    return found;
  }

  // deno-lint-ignore require-await
  async entry(name: string): Promise<BlobEntry | undefined> {
    const stat = this.#files.lstat(this.path(name));
    if (stat?.kind !== "file") return undefined;
    return { name, size: stat.size, writtenAt: writtenAt(stat) };
  }

  // deno-lint-ignore require-await
  async open(name: string): Promise<BlobReader> {
    const path = this.path(name);
    // Some systems open folders as well, and a pipe would be waited for.
    if (this.#files.stat(path)?.kind !== "file") throw noBytesAt(name);
    const reader = ifThere(() => openBlob(this.#files, path));
    if (reader === undefined) throw noBytesAt(name);
    return reader;
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    const pending = [folder];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const { name, kind } of await this.entries(next)) {
        if (kind === "folder") pending.push(name);
        if (kind !== "blob") continue;
        const entry = await this.entry(name);
        // Another process may have removed it since the folder was read.
        if (entry !== undefined) yield entry;
      }
    }
  }

  // deno-lint-ignore require-await
  async entries(folder: string): Promise<readonly FolderEntry[]> {
    const bare = checkedName(folder, this.host.platform);
    const found = ifThere(() => this.#files.readDirectory(this.path(bare))) ?? [];
    return found
      .map(({ name, kind }) => ({ name: `${bare}/${name}`, kind: entryKinds[kind] }))
      .filter(({ name }) => name !== stagingFolder);
  }

  // deno-lint-ignore require-await
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const path = this.path(name);
      if (name.endsWith("/")) ifThere(() => this.#files.removeTree(path));
      else if (this.#files.lstat(path)?.kind !== "directory") {
        ifThere(() => this.#files.remove(path));
      }
      this.#removeEmptyFolders(name);
    }
  }

  // deno-lint-ignore require-await
  async move(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.path(from), this.path(to)];
    if (this.#files.lstat(source) === null) return false;
    if (this.#files.lstat(target) !== null) throw nameTaken(to);
    new DurableFolders(this.#files).make(dirname(target));
    const moved = ifThere(() => (this.#files.rename(source, target), true)) ?? false;
    this.#removeEmptyFolders(from);
    return moved;
  }

  /**
   * Folders of objects go with their last file; a user's own folders stay, as does that of batches.
   */
  #removeEmptyFolders(name: string): void {
    let folder = dirname(checkedName(name, this.host.platform));
    while (folder.startsWith(".lamindb/objects/") && folder !== stagingFolder) {
      try {
        this.#files.remove(this.path(folder));
      } catch (error) {
        if (error instanceof FileError) return; // not empty, or gone already
        throw error;
      }
      folder = dirname(folder);
    }
  }

  locate(name: string): string {
    return this.path(name);
  }

  batch(): BlobBatch {
    return new DiskBatch(this.host, this);
  }

  // deno-lint-ignore require-await
  async unfinished(): Promise<readonly UnfinishedBatch[]> {
    return unfinishedBatches(this.host, this.path(stagingFolder));
  }

  /** The absolute path of a name. Throws code "denied" when the name leaves the location. */
  path(name: string): string {
    return join(this.root, checkedName(name, this.host.platform));
  }
}

/** Renaming and linking change only the second of the two times, where a system has it at all. */
function writtenAt({ modifiedMs, changedMs }: FileStat): Date {
  return new Date(Math.max(modifiedMs, changedMs));
}
