import { FileError, type Files, type Host, type OpenFile } from "../host/host.ts";
import { dirname, join } from "../path.ts";
import type { BlobBatch, BlobReader, StagedBlob } from "./blob_store.ts";
import { type DiskBlobStore, ifThere, openBlob, stagingFolder } from "./disk.ts";

/** Up to this many files are flushed one by one; more are flushed with their file system. */
const flushedSinglyMax = 8;
/** Blobs are for reading only; who may read is left to the umask. */
const blobMode = 0o444;

/** Writes blobs under `staging/<random>/`, flushes them together and renames them into place. */
export class DiskBatch implements BlobBatch {
  readonly #files: Files;
  readonly #folder: string;
  readonly #named = new Map<StagedFile, string>();
  readonly #aliases: { existing: string; name: string }[] = [];
  readonly #madeFolders = new Set<string>();
  #count = 0;

  constructor(private readonly host: Host, private readonly store: DiskBlobStore) {
    this.#files = host.files;
    const random = this.host.randomBytes(8).toHex();
    this.#folder = store.path(`${stagingFolder}/${random}`);
  }

  create(): StagedBlob {
    const path = this.#nextPath();
    const file = this.#files.open(path, { write: true, createNew: true, mode: blobMode });
    return new StagedFile(this.#files, path, file);
  }

  copyOf(source: string): StagedBlob {
    const path = this.#nextPath();
    this.#files.copyFile(source, path);
    this.#files.setMode(path, blobMode);
    return new StagedFile(this.#files, path);
  }

  linkOf(source: string): StagedBlob {
    const path = this.#nextPath();
    this.#files.hardLink(this.#files.realPath(source), path);
    return new StagedFile(this.#files, path);
  }

  name(staged: StagedBlob, name: string): boolean {
    const file = staged as StagedFile;
    file.close();
    const present = this.#files.lstat(this.store.path(name));
    if (present?.kind === "file" && present.size === this.#files.lstat(file.path)!.size) {
      this.drop(file);
      return false;
    }
    this.#named.set(file, name);
    return true;
  }

  alias(existing: string, name: string): void {
    this.#aliases.push({ existing, name });
  }

  drop(staged: StagedBlob): void {
    const file = staged as StagedFile;
    file.close();
    this.#named.delete(file);
    ifThere(() => this.#files.remove(file.path));
  }

  async publish(): Promise<void> {
    await this.#flush([...this.#named.keys()].map((file) => file.path));
    for (const [file, name] of this.#named) {
      this.#files.rename(file.path, this.#placeFor(name));
    }
    for (const { existing, name } of this.#aliases) this.#link(existing, this.#placeFor(name));
    await this.#flushFolders();
    this.#named.clear();
    this.#aliases.length = 0;
    this.discard();
  }

  discard(): void {
    for (const file of this.#named.keys()) file.close();
    this.#named.clear();
    if (this.#count > 0) ifThere(() => this.#files.removeTree(this.#folder));
  }

  #nextPath(): string {
    if (this.#count === 0) this.#files.makeDirectory(this.#folder, { recursive: true });
    return join(this.#folder, String(this.#count++));
  }

  #placeFor(name: string): string {
    const path = this.store.path(name);
    const folder = dirname(path);
    if (!this.#madeFolders.has(folder)) {
      this.#files.makeDirectory(folder, { recursive: true });
      this.#madeFolders.add(folder);
    }
    return path;
  }

  #link(existing: string, path: string): void {
    if (this.#files.lstat(path) !== null) return;
    try {
      this.#files.hardLink(this.store.path(existing), path);
    } catch (error) {
      // Too many links, or a file system without them.
      if (!(error instanceof FileError) || error.code === "ENOENT") throw error;
      this.#files.copyFile(this.store.path(existing), path);
      this.#files.setMode(path, blobMode);
    }
  }

  async #flush(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    if (paths.length > flushedSinglyMax && await this.host.files.flushFileSystem(this.#folder)) {
      return;
    }
    for (const path of paths) {
      const file = this.#files.open(path, { read: true });
      try {
        file.flush();
      } finally {
        file.close();
      }
    }
  }

  async #flushFolders(): Promise<void> {
    const folders = [...this.#madeFolders];
    if (folders.length > flushedSinglyMax && await this.#files.flushFileSystem(folders[0]!)) return;
    for (const folder of folders) this.#files.flushDirectory(folder);
  }
}

class StagedFile implements StagedBlob {
  constructor(
    private readonly files: Files,
    readonly path: string,
    private file?: OpenFile,
  ) {}

  write(bytes: Uint8Array): void {
    this.file!.write(bytes);
  }

  open(): BlobReader {
    return openBlob(this.files, this.path);
  }

  close(): void {
    this.file?.close();
    delete this.file;
  }
}
