import { FileError, type Host, type OpenFile } from "../host/host.ts";
import { dirname, join } from "../path.ts";
import { temporaryName } from "../temporary_name.ts";
import { type CacheNote, noteEnding } from "./cache_files.ts";

/** Content above this is brought onto the disk: it may be read in parts, without a look at all. */
const flushedMin = 8 * 1024 * 1024;

export interface Arriving {
  readonly path: string;
  readonly size: number;
  readonly name: string;
}

/**
 * A content on its way into the cache. A failure of the file system ends the keeping, not the
 * reading. Call `keep` once the bytes were found right, else `drop`; nothing after either.
 */
export class CacheWriter {
  readonly #temporary: string;
  #file: OpenFile | undefined;

  constructor(
    private readonly host: Host,
    private readonly arriving: Arriving,
    private readonly kept: () => void,
  ) {
    this.#temporary = join(dirname(arriving.path), temporaryName(host));
    this.#file = host.files.open(this.#temporary, { write: true, createNew: true, mode: 0o600 });
  }

  write(bytes: Uint8Array): void {
    this.#unlessFailed((file) => file.write(bytes));
  }

  /** Gives the content its name. */
  keep(): void {
    this.#unlessFailed((file) => {
      const { files } = this.host;
      const { path, size, name } = this.arriving;
      if (size >= flushedMin) file.flush();
      const { modifiedMs, inode } = file.stat();
      file.close();
      const note: CacheNote = { name, size, modifiedMs, inode };
      files.setMode(this.#temporary, 0o400);
      files.rename(this.#temporary, path);
      this.#file = undefined;
      this.#writeNote(note);
      this.kept();
    });
  }

  drop(): void {
    if (this.#file === undefined) return;
    try {
      this.#file.close();
      this.host.files.remove(this.#temporary);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
    this.#file = undefined;
  }

  /** All of it or none; it need not survive a power loss. */
  #writeNote(note: CacheNote): void {
    const { files } = this.host;
    const path = this.arriving.path + noteEnding;
    const temporary = join(dirname(path), temporaryName(this.host));
    files.writeFile(temporary, new TextEncoder().encode(JSON.stringify(note)), { mode: 0o600 });
    files.rename(temporary, path);
  }

  #unlessFailed(work: (file: OpenFile) => void): void {
    if (this.#file === undefined) return;
    try {
      work(this.#file);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.drop();
    }
  }
}
