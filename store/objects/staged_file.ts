import type { Files, OpenFile } from "../host/host.ts";
import { join } from "../path.ts";
import type { BlobReader, StagedBlob } from "./blob_store.ts";
import { openBlob } from "./file_reader.ts";

/** A staged blob that is a file on a local disk. */
export class StagedFile implements StagedBlob {
  /** The name that it is to appear under, once that is known. */
  name: string | undefined;
  #file: OpenFile | undefined;

  /**
   * `file` is open for writing when the blob is still to be filled. `number` is its name in the
   * folder of the batch.
   */
  constructor(
    private readonly files: Files,
    private readonly folder: string,
    private readonly number: number,
    file?: OpenFile,
  ) {
    this.#file = file;
  }

  /** Put together when it is asked for, since there may be very many. */
  get path(): string {
    return join(this.folder, String(this.number));
  }

  write(bytes: Uint8Array): void {
    if (this.#file === undefined) throw new TypeError("the staged blob is closed");
    this.#file.write(bytes);
  }

  async writeBeside(bytes: Uint8Array): Promise<void> {
    if (this.#file?.writeBeside === undefined) this.write(bytes);
    else await this.#file.writeBeside(bytes);
  }

  /** Lets what was written so far go to the disk meanwhile. */
  beginFlush(): void {
    this.files.beginFlush?.(this.path);
  }

  open(): BlobReader {
    return openBlob(this.files, this.path);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
