import type { PartHasher } from "../../host/host.ts";
import type { BlobReader } from "../blob_store.ts";

/**
 * Reads a blob and has its parts hashed on another thread meanwhile, as long as it is read from its
 * begin to its end. `told` gets the digests when it is closed then.
 */
export class ReaderWithParts implements BlobReader {
  readonly size: number;
  readonly identity?: string;
  #position = 0;

  constructor(
    private readonly reader: BlobReader,
    private readonly hasher: Promise<PartHasher | undefined>,
    private readonly told: (digests: Promise<readonly Uint8Array[] | undefined>) => void,
  ) {
    this.size = reader.size;
    if (reader.identity !== undefined) this.identity = reader.identity;
  }

  async read(offset: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const bytes = await this.reader.read(offset, length, buffer);
    if (offset === this.#position) {
      await (await this.hasher)?.update(bytes);
      this.#position += bytes.length;
    }
    return bytes;
  }

  close(): void {
    this.reader.close();
    if (this.#position === this.size) this.told(this.hasher.then((hasher) => hasher?.digests()));
    else void this.hasher.then((hasher) => hasher?.close());
  }
}
