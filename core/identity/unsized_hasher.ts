import type { Hasher, Hashing } from "../../store/host/host.ts";
import { type ContentHash, fullHashBytesMax } from "./content_hasher.ts";
import { base64url22 } from "./hash.ts";
import { hex } from "./hex.ts";

/**
 * Both hashes of content whose size is not known before its end, as {@link ContentHasher} gives
 * them. It holds the last 50 MiB of content that is longer than that, since LaminDB hashes those.
 */
export class UnsizedHasher {
  readonly #sha256: Hasher;
  readonly #md5: Hasher;
  readonly #first: Hasher;
  #size = 0;
  #tail: Uint8Array[] = [];
  #tailSize = 0;

  constructor(private readonly hashing: Hashing) {
    this.#sha256 = hashing.create("sha256");
    this.#md5 = hashing.create("md5");
    this.#first = hashing.create("sha1");
  }

  /** How many bytes came. */
  get size(): number {
    return this.#size;
  }

  /** The bytes are copied: the caller may use their place again. */
  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes);
    if (this.#size <= fullHashBytesMax) this.#md5.update(bytes);
    if (this.#size < fullHashBytesMax) {
      this.#first.update(bytes.subarray(0, fullHashBytesMax - this.#size));
    }
    this.#size += bytes.length;
    this.#tail.push(bytes.slice());
    this.#tailSize += bytes.length;
    let dropped = 0;
    while (this.#tailSize - this.#tail[dropped]!.length >= fullHashBytesMax) {
      this.#tailSize -= this.#tail[dropped++]!.length;
    }
    if (dropped > 0) this.#tail = this.#tail.slice(dropped);
  }

  /** The hashes; call it once, at the end. */
  finish(): ContentHash {
    const sha256 = hex(this.#sha256.digest());
    if (this.#size <= fullHashBytesMax) {
      return { sha256, hash: base64url22(this.#md5.digest()), hashType: "md5" };
    }
    const last = this.hashing.create("sha1");
    let skip = this.#tailSize - fullHashBytesMax;
    for (const piece of this.#tail) {
      last.update(piece.subarray(Math.min(skip, piece.length)));
      skip = Math.max(0, skip - piece.length);
    }
    const both = this.hashing.create("sha1");
    both.update(this.#first.digest());
    both.update(last.digest());
    return { sha256, hash: base64url22(both.digest()), hashType: "sha1-fl" };
  }
}
