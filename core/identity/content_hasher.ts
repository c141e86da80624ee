import { LaminError } from "../../store/errors.ts";
import type { FileDigests, Hasher, Hashing } from "../../store/host/host.ts";
import { base64url22 } from "./hash.ts";
import { hex } from "./hex.ts";

/**
 * Up to this size LaminDB hashes all of a file; of larger ones the first and the last so many
 * bytes.
 */
export const fullHashBytesMax = 50 * 1024 * 1024;

/** What identifies the content of one file. */
export interface ContentHash {
  /** Of all bytes, 64 hexadecimal digits: the identity of the content. */
  readonly sha256: string;
  /** LaminDB's hash, 22 characters: kept for compatibility, never trusted as identity. */
  readonly hash: string;
  readonly hashType: "md5" | "sha1-fl";
}

/** LaminDB's share of the work, fed with all bytes of a file in order. */
interface LaminHasher {
  update(bytes: Uint8Array, offset: number): void;
  finish(): Omit<ContentHash, "sha256">;
}

/**
 * Takes all bytes of a file of `size` bytes in order, in pieces of any length, and gives both of
 * its hashes from that one pass (COMPAT §4.1). Nothing is buffered and the pieces are not kept;
 * content over 50 MiB costs no MD5.
 */
export class ContentHasher {
  private readonly sha256: Hasher;
  private readonly lamin: LaminHasher;
  private taken = 0;

  constructor(hashing: Hashing, private readonly size: number) {
    this.sha256 = hashing.create("sha256");
    this.lamin = size <= fullHashBytesMax
      ? new FullHasher(hashing)
      : new FirstAndLastHasher(hashing, size);
  }

  /** @throws LaminError "conflict" when more bytes come than were announced. */
  update(bytes: Uint8Array): void {
    if (this.taken + bytes.length > this.size) throw this.sizeChanged("longer");
    this.sha256.update(bytes);
    this.lamin.update(bytes, this.taken);
    this.taken += bytes.length;
  }

  /**
   * The hashes; call it once, at the end.
   *
   * @throws LaminError "conflict" when fewer bytes came than were announced.
   */
  finish(): ContentHash {
    if (this.taken !== this.size) throw this.sizeChanged("shorter");
    return { sha256: hex(this.sha256.digest()), ...this.lamin.finish() };
  }

  private sizeChanged(how: string): LaminError {
    return new LaminError(
      "conflict",
      `The content became ${how} than its ${this.size} bytes while it was read.`,
      { hint: "Wait until nothing writes to it, then try again.", data: { size: this.size } },
    );
  }
}

/** Both hashes of a file whose bytes are all there, as {@link ContentHasher} gives them. */
export function hashBytes(hashing: Hashing, bytes: Uint8Array): ContentHash {
  if (bytes.length > fullHashBytesMax) {
    const hasher = new ContentHasher(hashing, bytes.length);
    hasher.update(bytes);
    return hasher.finish();
  }
  const md5 = base64url22(hashing.digest("md5", bytes));
  return contentOf({ sha256: hex(hashing.digest("sha256", bytes)), md5 });
}

/** The hashes of a file of at most 50 MiB, from the digests of all its bytes. */
export function contentOf({ sha256, md5 }: FileDigests): ContentHash {
  return { sha256, hash: md5, hashType: "md5" };
}

/** MD5 of everything. */
class FullHasher implements LaminHasher {
  private readonly md5: Hasher;

  constructor(hashing: Hashing) {
    this.md5 = hashing.create("md5");
  }
  update(bytes: Uint8Array): void {
    this.md5.update(bytes);
  }
  finish() {
    return { hash: base64url22(this.md5.digest()), hashType: "md5" } as const;
  }
}

/** SHA-1 over the SHA-1 of the first and of the last 50 MiB, which overlap below 100 MiB. */
class FirstAndLastHasher implements LaminHasher {
  private readonly first: Hasher;
  private readonly last: Hasher;
  private readonly lastStart: number;

  constructor(private readonly hashing: Hashing, size: number) {
    this.first = hashing.create("sha1");
    this.last = hashing.create("sha1");
    this.lastStart = size - fullHashBytesMax;
  }
  update(bytes: Uint8Array, offset: number): void {
    if (offset < fullHashBytesMax) this.first.update(bytes.subarray(0, fullHashBytesMax - offset));
    const skipped = Math.max(0, this.lastStart - offset);
    if (skipped < bytes.length) this.last.update(bytes.subarray(skipped));
  }
  finish() {
    const both = this.hashing.create("sha1");
    both.update(this.first.digest());
    both.update(this.last.digest());
    return { hash: base64url22(both.digest()), hashType: "sha1-fl" } as const;
  }
}
