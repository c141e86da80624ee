import { LaminError } from "../errors.ts";
import { FileError, type Files, type Host, type OpenFile } from "../host/host.ts";
import { join } from "../path.ts";
import type { BlobBatch, BlobEntry, BlobReader, BlobStore } from "./blob_store.ts";
import { DiskBatch } from "./disk_batch.ts";

/** Where staged blobs lie until they are published, relative to the location. */
export const stagingFolder = ".lamindb/objects/staging";

/** A storage location that is a folder on a local disk. */
export class DiskBlobStore implements BlobStore {
  readonly kind = "disk";
  readonly #files: Files;

  /** `root` is the absolute path of the location; it need not exist before the first write. */
  constructor(private readonly host: Host, readonly root: string) {
    this.#files = host.files;
  }

  sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const name of names) {
      const stat = this.#files.stat(this.path(name));
      if (stat?.kind === "file") found.set(name, stat.size);
    }
    return Promise.resolve(found);
  }

  // Async so that a missing blob rejects.
  // deno-lint-ignore require-await
  async open(name: string): Promise<BlobReader> {
    try {
      return openBlob(this.#files, this.path(name));
    } catch (error) {
      if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
        throw new LaminError("not_found", `there are no bytes at ${name}`, {
          data: { name },
          cause: error,
        });
      }
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<BlobEntry> {
    const pending = [prefix.replace(/\/$/, "")];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if (this.#files.lstat(this.path(folder))?.kind !== "directory") continue;
      for (const entry of this.#files.readDirectory(this.path(folder))) {
        const name = `${folder}/${entry.name}`;
        if (entry.kind === "directory") pending.push(name);
        if (entry.kind !== "file") continue;
        const stat = this.#files.lstat(this.path(name));
        // Another process may have removed it since the folder was read.
        if (stat !== null) {
          yield { name, size: stat.size, writtenAt: new Date(stat.changedMs) };
        }
      }
    }
  }

  remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      ifThere(() => this.#files.remove(this.path(name)));
      this.#removeEmptyFolders(name);
    }
    return Promise.resolve();
  }

  /** Folders of objects go with their last file; a user's own folders stay. */
  #removeEmptyFolders(name: string): void {
    let folder = name.slice(0, name.lastIndexOf("/"));
    while (folder.startsWith(".lamindb/objects/")) {
      try {
        this.#files.remove(this.path(folder));
      } catch {
        return; // not empty, or gone already
      }
      folder = folder.slice(0, folder.lastIndexOf("/"));
    }
  }

  locate(name: string): string {
    return this.path(name);
  }

  batch(): BlobBatch {
    return new DiskBatch(this.host, this);
  }

  /** The absolute path of a name. Throws code "denied" when the name leaves the location. */
  path(name: string): string {
    const parts = name.split("/");
    if (name === "" || name.includes("\0") || parts.some((part) => part === "" || part === "..")) {
      throw new LaminError("denied", `${JSON.stringify(name)} is not a name inside the storage`, {
        data: { name },
      });
    }
    return join(this.root, name);
  }
}

/** Opens a local file as a blob. */
export function openBlob(files: Files, path: string): BlobReader {
  return new FileReader(files.open(path, { read: true }));
}

class FileReader implements BlobReader {
  readonly size: number;
  #position = 0;

  constructor(private readonly file: OpenFile) {
    this.size = file.stat().size;
  }

  // Async so that a failing read rejects.
  // deno-lint-ignore require-await
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset !== this.#position) this.file.seek(offset);
    const buffer = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const count = this.file.read(buffer.subarray(filled));
      if (count === 0) break;
      filled += count;
    }
    this.#position = offset + filled;
    return filled === buffer.length ? buffer : buffer.subarray(0, filled);
  }

  close(): void {
    this.file.close();
  }
}

/** Does `work`, and minds not that the file is missing. */
export function ifThere(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FileError && error.code === "ENOENT")) throw error;
  }
}
