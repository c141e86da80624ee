import type { Hashing } from "../../store/host/host.ts";
import type { BlobReader, BlobStore } from "../../store/objects/blob_store.ts";
import { type ContentHash, ContentHasher } from "../identity/content_hasher.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { readAhead } from "../artifact/read_ahead.ts";
import { objectOf } from "../gc/stored_objects.ts";
import { hex } from "../identity/hex.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/** What identifies bytes: always their SHA-256, LaminDB's hash only where it was asked for. */
export interface BlobHash {
  readonly sha256: string;
  readonly hash: string | undefined;
  readonly hashType?: ContentHash["hashType"];
}

/** Hashes blobs; those that several artifacts have, or several names, only once. */
export class BlobHasher {
  /** For files of this machine, which are read one after the other. */
  readonly #buffer = new Uint8Array(pieceBytes);
  readonly #known = new Map<string, BlobHash>();
  readonly #stores = new Map<BlobStore, number>();

  /** `shared` are the storage keys that several artifacts have; what lies below one counts too. */
  constructor(
    private readonly hashing: Hashing,
    private readonly shared: ReadonlySet<string>,
    private readonly progress: (bytes: number, files: number) => void,
  ) {}

  /** Throws code "not_found", "conflict" when the size changes meanwhile, or a FileError. */
  async hash(blobs: BlobStore, name: string, withLaminHash: boolean): Promise<BlobHash> {
    const reader = await blobs.open(name);
    try {
      const identity = reader.identity ?? this.#placeOf(blobs, name);
      const known = identity === undefined ? undefined : this.#known.get(identity);
      if (known !== undefined && (known.hash !== undefined || !withLaminHash)) return known;
      const isHere = liesHere(blobs);
      const found = withLaminHash || !isHere
        ? await this.#both(reader, isHere)
        : await this.#sha256(reader);
      this.progress(0, 1);
      if (identity !== undefined) this.#known.set(identity, found);
      return found;
    } finally {
      reader.close();
    }
  }

  /** Where bytes lie that are met again; undefined where they are met once. */
  #placeOf(blobs: BlobStore, name: string): string | undefined {
    const isShared = this.shared.has(name) || this.shared.has(objectOf(name) ?? "");
    return isShared ? `${this.#numberOf(blobs)} ${name}` : undefined;
  }

  #numberOf(blobs: BlobStore): number {
    const known = this.#stores.get(blobs) ?? this.#stores.size;
    this.#stores.set(blobs, known);
    return known;
  }

  async #sha256(reader: BlobReader): Promise<BlobHash> {
    if (reader.size <= pieceBytes) {
      const bytes = await reader.read(0, pieceBytes, this.#buffer);
      this.progress(bytes.length, 0);
      return { sha256: hex(this.hashing.digest("sha256", bytes)), hash: undefined };
    }
    const hasher = this.hashing.create("sha256");
    await this.#feed(reader, (bytes) => hasher.update(bytes));
    return { sha256: hex(hasher.digest()), hash: undefined };
  }

  async #both(reader: BlobReader, isHere: boolean): Promise<BlobHash> {
    const hasher = new ContentHasher(this.hashing, reader.size);
    const take = (bytes: Uint8Array) => hasher.update(bytes);
    if (isHere) await this.#feed(reader, take);
    else {
      for await (const bytes of readAhead(reader)) {
        take(bytes);
        this.progress(bytes.length, 0);
      }
    }
    return hasher.finish();
  }

  async #feed(reader: BlobReader, take: (bytes: Uint8Array) => void): Promise<void> {
    for (let offset = 0; offset < reader.size;) {
      const bytes = await reader.read(offset, pieceBytes, this.#buffer);
      if (bytes.length === 0) return;
      take(bytes);
      this.progress(bytes.length, 0);
      offset += bytes.length;
    }
  }
}
