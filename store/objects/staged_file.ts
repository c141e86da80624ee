import type { Files, OpenFile } from "../host/host.ts";
import type { BlobReader, StagedBlob } from "./blob_store.ts";
import { openBlob } from "./file_reader.ts";

/** A staged blob that is a file on a local disk. */
export class StagedFile implements StagedBlob {
  /** The name that it is to appear under, once that is known. */
  name: string | undefined;
  #file: OpenFile | undefined;

  /** `file` is open for writing when the blob is still to be filled. */
  constructor(private readonly files: Files, readonly path: string, file?: OpenFile) {
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    if (this.#file === undefined) throw new TypeError("the staged blob is closed");
    this.#file.write(bytes);
  }

  open(): BlobReader {
    return openBlob(this.files, this.path);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
