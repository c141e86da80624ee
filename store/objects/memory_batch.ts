import type { Files } from "../host/host.ts";
import { noBytesAt } from "./blob_name.ts";
import type { BlobBatch, BlobReader, StagedBlob } from "./blob_store.ts";
import type { MemoryBlobStore } from "./memory.ts";
import { memoryReader } from "./memory_reader.ts";

/** Blobs on their way into a store in memory. */
export class MemoryBatch implements BlobBatch {
  readonly #staged = new Set<MemoryStaged>();
  readonly #named = new Map<string, MemoryStaged>();
  readonly #aliases: { existing: string; name: string }[] = [];

  constructor(private readonly store: MemoryBlobStore, private readonly files: Files) {}

  /** Bytes staged and not dropped. */
  get size(): number {
    return [...this.#staged].reduce((sum, staged) => sum + staged.size, 0);
  }

  create(): StagedBlob {
    this.store.track(this, true);
    const staged = new MemoryStaged();
    this.#staged.add(staged);
    return staged;
  }

  copyOf(path: string): StagedBlob {
    const staged = this.create();
    staged.write(this.files.readFile(path));
    staged.close();
    return staged;
  }

  linkOf(path: string): StagedBlob {
    return this.copyOf(path);
  }

  name(staged: StagedBlob, name: string): boolean {
    const blob = staged as MemoryStaged;
    const present = this.store.get(name);
    blob.close();
    if (this.#named.has(name) || present?.bytes.length === blob.size) {
      this.drop(blob);
      return false;
    }
    this.#named.set(name, blob);
    blob.name = name;
    return true;
  }

  alias(existing: string, name: string): void {
    this.store.get(existing);
    this.store.get(name);
    this.#aliases.push({ existing, name });
  }

  drop(staged: StagedBlob): void {
    const blob = staged as MemoryStaged;
    blob.close();
    this.#staged.delete(blob);
    if (blob.name !== undefined) this.#named.delete(blob.name);
  }

  // Async so that a missing blob rejects.
  // deno-lint-ignore require-await
  async publish(): Promise<void> {
    if (this.#named.size + this.#aliases.length === 0) return;
    this.store.track(this, true);
    for (const [name, blob] of this.#named) {
      this.store.put(name, blob.bytes());
      this.#staged.delete(blob);
    }
    for (const { existing, name } of this.#aliases) this.#publishAlias(existing, name);
    this.#named.clear();
    this.#aliases.length = 0;
  }

  #publishAlias(existing: string, name: string): void {
    const blob = this.store.get(existing);
    if (blob === undefined) throw noBytesAt(existing);
    if (this.store.get(name)?.bytes.length !== blob.bytes.length) this.store.put(name, blob.bytes);
  }

  discard(): void {
    this.#staged.clear();
    this.#named.clear();
    this.#aliases.length = 0;
    this.store.track(this, false);
  }
}

class MemoryStaged implements StagedBlob {
  readonly #pieces: Uint8Array[] = [];
  #isOpen = true;
  size = 0;
  /** The name that it is to appear under, once that is known. */
  name: string | undefined;

  write(bytes: Uint8Array): void {
    if (!this.#isOpen) throw new TypeError("the staged blob is closed");
    this.#pieces.push(bytes.slice());
    this.size += bytes.length;
  }

  open(): BlobReader {
    return memoryReader(this.bytes());
  }

  close(): void {
    this.#isOpen = false;
  }

  bytes(): Uint8Array {
    const whole = new Uint8Array(this.size);
    let offset = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    return whole;
  }
}
