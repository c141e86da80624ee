import { FileError, type Files, type FileStat, type Host, type OpenFile } from "../host/host.ts";
import { allow, makeFolder, sharedMode } from "../host/shared_access.ts";
import { dirname, join } from "../path.ts";
import { noBytesAt } from "./blob_name.ts";
import type { BlobBatch, StagedBlob } from "./blob_store.ts";
import type { DiskBlobStore } from "./disk.ts";
import { DurableFolders, flushedSinglyMax } from "./durable_folders.ts";
import { ifThere } from "./if_there.ts";
import { StagedFile } from "./staged_file.ts";
import { deadBatches, newBatchName, noteBegin, stagingFolder } from "./staging.ts";

/** Blobs are for reading only, by whom the user's umask lets read. */
const blobMode = 0o444;

/** From so many bytes on a copy is written to the disk while it is hashed. */
const flushedEarlyMin = 16 * 1024 * 1024;

/** Writes blobs under `staging/<random>/`, flushes them together and renames them into place. */
export class DiskBatch implements BlobBatch {
  readonly #files: Files;
  readonly #folder: string;
  readonly #folders: DurableFolders;
  readonly #unnamed = new Set<StagedFile>();
  readonly #named = new Map<string, StagedFile>();
  readonly #aliases: { existing: string; name: string }[] = [];
  #mode = blobMode;
  #isShared = false;
  #hasBegun = false;
  #count = 0;

  constructor(private readonly host: Host, private readonly store: DiskBlobStore) {
    this.#files = host.files;
    this.#folders = new DurableFolders(host.files);
    this.#folder = store.path(`${stagingFolder}/${newBatchName(host)}`);
  }

  create(): StagedBlob {
    const { number, path } = this.#next();
    const file = this.#files.open(path, { write: true, createNew: true, mode: blobMode });
    if (this.#isShared) allow(this.#files, path, this.#mode);
    return this.#stage(number, file);
  }

  copyOf(source: string): StagedBlob {
    const { number, path } = this.#next();
    this.#copy(source, path);
    // It is hashed next, which takes longer than writing it.
    if (this.#files.lstat(path)!.size >= flushedEarlyMin) this.#files.beginFlush?.(path);
    return this.#stage(number);
  }

  cloneOf(source: string): StagedBlob | undefined {
    const { number, path } = this.#next();
    if (!this.#files.cloneFile?.(source, path)) return undefined;
    allow(this.#files, path, this.#mode);
    return this.#stage(number);
  }

  linkOf(source: string): StagedBlob {
    const { number, path } = this.#next();
    const original = this.#files.realPath(source);
    if (!this.#link(original, path)) this.#copy(original, path);
    return this.#stage(number);
  }

  name(staged: StagedBlob, name: string): boolean {
    const file = staged as StagedFile;
    const present = this.#files.lstat(this.store.path(name));
    file.close();
    if (this.#named.has(name) || isFileOf(present, this.#files.lstat(file.path)!.size)) {
      this.drop(file);
      return false;
    }
    this.#unnamed.delete(file);
    this.#named.set(name, file);
    file.name = name;
    return true;
  }

  alias(existing: string, name: string): void {
    // Refused now rather than half-way through publishing.
    this.store.path(existing);
    this.store.path(name);
    this.#aliases.push({ existing, name });
  }

  drop(staged: StagedBlob): void {
    const file = staged as StagedFile;
    file.close();
    this.#unnamed.delete(file);
    if (file.name !== undefined) this.#named.delete(file.name);
    ifThere(() => this.#files.remove(file.path));
  }

  async publish(): Promise<void> {
    await this.#tidyUp();
    if (this.#named.size + this.#aliases.length === 0) return;
    this.#begin();
    await this.#flush([...this.#named.values()]);
    for (const [name, file] of this.#named) this.#place(file.path, name);
    await this.#publishAliases();
    await this.#folders.flush();
    this.#named.clear();
    this.#aliases.length = 0;
  }

  discard(): void {
    for (const file of this.#unnamed) file.close();
    this.#unnamed.clear();
    this.#named.clear();
    this.#aliases.length = 0;
    if (!this.#hasBegun) return;
    this.#hasBegun = false;
    this.#removeTree(this.#folder);
  }

  /**
   * Removes what processes that died had staged. What they had named already may be used by now,
   * and nobody has flushed those names.
   */
  async #tidyUp(): Promise<void> {
    const staging = dirname(this.#folder);
    const dead = deadBatches(this.host, staging);
    if (dead.length > 0) await this.#files.flushFileSystem(staging);
    for (const folder of dead) this.#removeTree(folder);
  }

  /** What cannot be removed now is found later as left over. */
  #removeTree(folder: string): void {
    try {
      this.#files.removeTree(folder);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }

  /** Makes the folder of the batch, which also tells others that it is under way. */
  #begin(): void {
    if (this.#hasBegun) return;
    this.#folders.make(dirname(this.#folder));
    makeFolder(this.#files, this.#folder);
    this.#hasBegun = true;
    // A folder may be used by whom the umask lets, or its group; a blob read by the same.
    if (this.host.platform !== "windows") {
      this.#mode = blobMode & this.#files.lstat(this.#folder)!.mode;
      this.#isShared = sharedMode(this.#files, this.#folder) !== undefined;
    }
    noteBegin(this.host, this.#folder);
  }

  #next(): { number: number; path: string } {
    this.#begin();
    const number = this.#count++;
    return { number, path: join(this.#folder, String(number)) };
  }

  #stage(number: number, file?: OpenFile): StagedFile {
    const staged = new StagedFile(this.#files, this.#folder, number, file);
    this.#unnamed.add(staged);
    return staged;
  }

  #copy(source: string, path: string): void {
    try {
      this.#files.copyFile(source, path);
    } catch (error) {
      // Which of the two files it was does not show: one that cannot be opened says so itself.
      this.#files.open(source, { read: true }).close();
      throw error;
    }
    allow(this.#files, path, this.#mode);
  }

  /**
   * A second name for a file; false when it has too many, or the file system knows no such thing.
   */
  #link(source: string, path: string): boolean {
    try {
      this.#files.hardLink(source, path);
      return true;
    } catch (error) {
      if (error instanceof FileError && error.code !== "ENOENT") return false;
      throw error;
    }
  }

  /** Gives a staged file its name. */
  #place(path: string, name: string): void {
    const target = this.store.path(name);
    const folder = dirname(target);
    this.#folders.make(folder);
    this.#folders.touch(folder);
    try {
      this.#files.rename(path, target);
    } catch (error) {
      if (!(error instanceof FileError && error.code === "ENOENT")) throw error;
      // Another process removed the folder, which was empty.
      this.#folders.forget(folder);
      this.#folders.make(folder);
      this.#files.rename(path, target);
    }
  }

  /** Aliases are linked or copied aside first, so that none is ever seen half written. */
  async #publishAliases(): Promise<void> {
    const staged: { path: string; name: string }[] = [];
    const copies: { path: string }[] = [];
    const originals = new Map<string, string>();
    for (const { existing, name } of this.#aliases) {
      // An alias of an alias of this batch is one of the original: neither has its name yet.
      const original = originals.get(existing) ?? existing;
      originals.set(name, original);
      const source = this.store.path(original);
      const stat = this.#files.stat(source);
      if (stat?.kind !== "file") throw noBytesAt(existing);
      if (isFileOf(this.#files.lstat(this.store.path(name)), stat.size)) continue;
      const { path } = this.#next();
      // A link to a link would stay one.
      const isLink = this.#files.lstat(source)?.kind === "symlink";
      if (isLink || !this.#link(source, path)) {
        this.#copy(source, path);
        copies.push({ path });
      }
      staged.push({ path, name });
    }
    await this.#flush(copies);
    for (const { path, name } of staged) this.#place(path, name);
  }

  async #flush(staged: readonly { readonly path: string }[]): Promise<void> {
    if (staged.length > flushedSinglyMax && await this.#files.flushFileSystem(this.#folder)) return;
    for (const { path } of staged) {
      // Windows flushes only what is open for writing, and knows no read-only mode here.
      const file = this.#files.open(path, { read: true, write: this.host.platform === "windows" });
      try {
        file.flush();
      } finally {
        file.close();
      }
    }
  }
}

function isFileOf(stat: FileStat | null, size: number): boolean {
  return stat?.kind === "file" && stat.size === size;
}
