import type { Files, OpenFile } from "../host/host.ts";
import type { BlobReader } from "./blob_store.ts";

/** Opens a local file as a blob. */
export function openBlob(files: Files, path: string): BlobReader {
  return new FileReader(files.open(path, { read: true }));
}

class FileReader implements BlobReader {
  readonly size: number;
  readonly identity?: string;
  #position = 0;

  constructor(private readonly file: OpenFile) {
    const { size, links, device, inode } = file.stat();
    this.size = size;
    if (links > 1) this.identity = `${device}:${inode}`;
  }

  // Async so that a failing read rejects.
  // deno-lint-ignore require-await
  async read(offset: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const into = buffer !== undefined && buffer.length >= wanted
      ? buffer.subarray(0, wanted)
      : new Uint8Array(wanted);
    if (offset !== this.#position) this.file.seek(offset);
    this.#position = -1; // unknown while a read may fail
    let filled = 0;
    while (filled < wanted) {
      const count = this.file.read(into.subarray(filled));
      if (count === 0) break;
      filled += count;
    }
    this.#position = offset + filled;
    return into.subarray(0, filled);
  }

  close(): void {
    this.file.close();
  }
}
