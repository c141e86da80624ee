import { FileError, type Host } from "../host/host.ts";
import type { BlobReader } from "../objects/blob_store.ts";
import { openBlob } from "../objects/file_reader.ts";
import { dirname, join } from "../path.ts";
import { CacheFiles, type CacheUse } from "./cache_files.ts";
import { CacheWriter } from "./cache_writer.ts";

/** Once it is full, room is made for a while, so that not each new content means a look at all. */
const fullShare = 0.9;
/** After so much of its own a process looks what others have put in: each may exceed by that. */
const unseenShare = 0.1;

/**
 * Contents from servers kept on this machine, for all processes of a user: each in a read-only file
 * that got its name once its bytes were found right. It may be lost at any time, and what it cannot
 * do never makes a command fail. Who has a content open reads on when another process removes it.
 */
export class ContentCache {
  readonly #files: CacheFiles;
  /** Bytes in it as far as this process knows; undefined before it looked. */
  #used: number | undefined;
  /** Bytes that this process put in since it looked. */
  #sinceLook = 0;

  /** `folder` is an absolute path, which need not be there; `bytesMax` bounds what it holds. */
  constructor(private readonly host: Host, readonly folder: string, readonly bytesMax: number) {
    this.#files = new CacheFiles(host, folder);
  }

  /** Whether the content is there. */
  has(key: string): boolean {
    return this.#files.checked(key) !== undefined;
  }

  /** Opens a content; undefined when it is not there, or no more as it was found right. */
  open(key: string): BlobReader | undefined {
    if (this.#files.checked(key) === undefined) return undefined;
    try {
      const reader = openBlob(this.host.files, this.#files.pathOf(key));
      this.#files.touch(key);
      return reader;
    } catch (error) {
      return unlessFileError(error);
    }
  }

  /**
   * Begins to keep a content of `size` bytes that is about to be read; undefined when there is no
   * room for it. `name` tells people what it is.
   */
  begin(key: string, size: number, name: string): CacheWriter | undefined {
    if (size > this.bytesMax) return undefined;
    try {
      this.#makeRoom(size);
      const path = this.#files.pathOf(key);
      this.host.files.makeDirectory(dirname(path), { recursive: true, mode: 0o700 });
      return new CacheWriter(this.host, { path, size, name }, () => this.#note(size));
    } catch (error) {
      return unlessFileError(error);
    }
  }

  /** All that it holds, in no order. */
  uses(): CacheUse[] {
    return this.#files.uses();
  }

  /** Removes a content, as when it turns out to be damaged. */
  remove(key: string): void {
    this.#files.remove(key);
    this.#used = undefined; // to look again
  }

  /** The path of the file of a content, whether it is there or not. */
  pathOf(key: string): string {
    return join(this.folder, this.#files.nameOf(key));
  }

  #note(size: number): void {
    if (this.#used !== undefined) this.#used += size;
    this.#sinceLook += size;
  }

  /** Removes what was used least recently where `size` more bytes would be too many. */
  #makeRoom(size: number): void {
    const isSeen = this.#used !== undefined &&
      this.#sinceLook + size <= this.bytesMax * unseenShare;
    if (isSeen && this.#used! + size <= this.bytesMax) return;
    const uses = this.uses().sort((a, b) => a.usedMs - b.usedMs);
    this.#used = uses.reduce((sum, use) => sum + use.size, 0);
    this.#sinceLook = 0;
    if (this.#used + size <= this.bytesMax) return;
    for (const use of uses) {
      if (this.#used + size <= this.bytesMax * fullShare) return;
      this.#files.remove(use.key);
      this.#used -= use.size;
    }
  }
}

/** Undefined for failures of the file system: without the cache everything works, only slower. */
function unlessFileError(error: unknown): undefined {
  if (!(error instanceof FileError)) throw error;
}
