import { LaminError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { checkedName, nameTaken, noBytesAt } from "./blob_name.ts";
import type {
  BlobBatch,
  BlobEntry,
  BlobReader,
  BlobStore,
  FolderEntry,
  UnfinishedBatch,
} from "./blob_store.ts";
import { MemoryBatch } from "./memory_batch.ts";
import { memoryReader } from "./memory_reader.ts";
import { stagingFolder } from "./staging.ts";

export interface MemoryBlob {
  readonly bytes: Uint8Array;
  readonly writtenAt: Date;
}

/**
 * A storage location that lasts as long as the object: for tests, and for what need not be kept.
 */
export class MemoryBlobStore implements BlobStore {
  readonly kind = "memory";
  readonly #blobs = new Map<string, MemoryBlob>();
  readonly #unfinished = new Map<MemoryBatch, Date>();

  /** Of the host's files it only reads those that a batch is told to copy. */
  constructor(private readonly host: Pick<Host, "files" | "now" | "platform">) {}

  // Async so that a name which leaves the location rejects, here and below.
  // deno-lint-ignore require-await
  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const name of names) {
      const blob = this.get(name);
      if (blob !== undefined) found.set(name, blob.bytes.length);
    }
    return found;
  }

  // deno-lint-ignore require-await
  async entry(name: string): Promise<BlobEntry | undefined> {
    const blob = this.get(name);
    return blob && { name, size: blob.bytes.length, writtenAt: blob.writtenAt };
  }

  // deno-lint-ignore require-await
  async open(name: string): Promise<BlobReader> {
    const blob = this.get(name);
    if (blob === undefined) throw noBytesAt(name);
    return memoryReader(blob.bytes);
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    for (const name of this.#namesBelow(folder)) {
      const entry = await this.entry(name);
      if (entry !== undefined) yield entry;
    }
  }

  // deno-lint-ignore require-await
  async entries(folder: string): Promise<readonly FolderEntry[]> {
    const entries = new Map<string, FolderEntry>();
    const length = this.#key(folder).length + 1;
    for (const below of this.#namesBelow(folder)) {
      const slash = below.indexOf("/", length);
      const name = slash < 0 ? below : below.slice(0, slash);
      entries.set(name, { name, kind: slash < 0 ? "blob" : "folder" });
    }
    return [...entries.values()];
  }

  // deno-lint-ignore require-await
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const gone = name.endsWith("/") ? this.#namesBelow(name) : [this.#key(name)];
      for (const one of gone) this.#blobs.delete(one);
      if (name.endsWith("/")) this.#blobs.delete(this.#key(name));
    }
  }

  // deno-lint-ignore require-await
  async move(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.#key(from), this.#key(to)];
    const below = this.#namesBelow(from);
    const names = this.#blobs.has(source) ? [source, ...below] : below;
    if (names.length === 0) return false;
    if (this.#blobs.has(target) || this.#namesBelow(to).length > 0) throw nameTaken(to);
    for (const name of names) {
      this.put(target + name.slice(source.length), this.#blobs.get(name)!.bytes);
      this.#blobs.delete(name);
    }
    return true;
  }

  /** There is none: the name is checked all the same. */
  locate(name: string): undefined {
    this.#key(name);
    return undefined;
  }

  batch(): BlobBatch {
    return new MemoryBatch(this, this.host.files);
  }

  // deno-lint-ignore require-await
  async unfinished(): Promise<readonly UnfinishedBatch[]> {
    return [...this.#unfinished].map(([batch, begunAt], index) => ({
      name: `${stagingFolder}/${index}/`,
      size: batch.size,
      begunAt,
      // The process that holds the bytes runs, or they would not be there.
      isAbandoned: false,
    }));
  }

  /** Called by a batch when it begins, and when it is over. */
  track(batch: MemoryBatch, isUnderWay: boolean): void {
    if (!isUnderWay) this.#unfinished.delete(batch);
    else if (!this.#unfinished.has(batch)) this.#unfinished.set(batch, this.host.now());
  }

  /**
   * The blob of a name, if there is one. Throws code "denied" when the name leaves the location.
   */
  get(name: string): MemoryBlob | undefined {
    const key = this.#key(name);
    return name.endsWith("/") ? undefined : this.#blobs.get(key);
  }

  /**
   * Lets bytes appear under a name. Throws code "conflict" where a folder and a blob would share
   * it.
   */
  put(name: string, bytes: Uint8Array): void {
    const key = this.#key(name);
    if (this.#namesBelow(key).length > 0) {
      throw new LaminError("conflict", `${name} is a folder of blobs`, { data: { name } });
    }
    this.#blobs.set(key, { bytes, writtenAt: this.host.now() });
  }

  #namesBelow(folder: string): string[] {
    const start = `${this.#key(folder)}/`;
    return [...this.#blobs.keys()].filter((name) => name.startsWith(start));
  }

  #key(name: string): string {
    return checkedName(name, this.host.platform);
  }
}
