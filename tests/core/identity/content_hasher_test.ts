import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  type ContentHash,
  ContentHasher,
  fullHashBytesMax,
} from "../../../core/identity/content_hasher.ts";
import { LaminError } from "../../../store/errors.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { HashAlgorithm, Hashing } from "../../../store/host/host.ts";
import { fileFacts, fixturePath } from "../python_corpus.ts";

const host = denoHost();
const hashing = await host.hashing();
const mebibyte = 1024 * 1024;

function hashAll(bytes: Uint8Array): ContentHash {
  const hasher = new ContentHasher(hashing, bytes.length);
  hasher.update(bytes);
  return hasher.finish();
}

Deno.test("files hash as LaminDB hashes them", () => {
  const files = Object.entries(fileFacts.files).filter(([, facts]) => facts.n_files === null);
  assert.ok(files.length > 40);
  for (const [path, { hash, hash_type, sha256 }] of files) {
    const found = hashAll(Deno.readFileSync(fixturePath(path)));
    assert.deepEqual(found, { hash, hashType: hash_type, sha256 }, path);
  }
});

/**
 * Pieces of the endless content whose block i is the SHA-256 of `seed:i`, together `size` bytes.
 */
function* blocks(seed: string, size: number): Generator<Uint8Array> {
  const piece = new Uint8Array(2048 * 32);
  for (let start = 0; start < size; start += piece.length) {
    const first = start / 32;
    const count = Math.min(2048, Math.ceil((size - start) / 32));
    for (let block = 0; block < count; block++) {
      piece.set(createHash("sha256").update(`${seed}:${first + block}`).digest(), block * 32);
    }
    yield piece.subarray(0, Math.min(piece.length, size - start));
  }
}

Deno.test("files around and over 50 MiB hash as LaminDB hashes them", () => {
  const sizes = fileFacts.big_files.map((file) => file.size);
  assert.ok(sizes.includes(fullHashBytesMax) && sizes.includes(fullHashBytesMax + 1));
  // All have the same seed, so the smaller ones are the beginnings of the largest: one pass for
  // all.
  const running = fileFacts.big_files.map((facts) => ({
    facts,
    hasher: new ContentHasher(hashing, facts.size),
    left: facts.size,
  }));
  for (const piece of blocks("big", Math.max(...sizes))) {
    for (const one of running) {
      const part = piece.subarray(0, Math.min(piece.length, one.left));
      one.left -= part.length;
      one.hasher.update(part);
    }
  }
  for (const { facts: { hash, hash_type, sha256 }, hasher } of running) {
    assert.deepEqual(hasher.finish(), { hash, hashType: hash_type, sha256 });
  }
});

/** The bytes 0 to 255 over and over, one mebibyte of them. */
const ascending = Uint8Array.from({ length: mebibyte }, (_, index) => index & 0xff);

Deno.test("the large file of COMPAT §4.2 comes out", () => {
  const hasher = new ContentHasher(hashing, 51 * mebibyte);
  for (let piece = 0; piece < 51; piece++) hasher.update(ascending);
  const { hash, hashType } = hasher.finish();
  assert.deepEqual({ hash, hashType }, { hash: "r5IcMpkMQUtbBbV5EmccK8", hashType: "sha1-fl" });
});

Deno.test("content is hashed in a flat amount of memory", async () => {
  // In a process of its own: test files run side by side share one, and its memory.
  const script = new URL("./hasher_memory.ts", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", "--quiet", script];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.ok(success);
  const growth = Number(new TextDecoder().decode(stdout)) / mebibyte;
  assert.ok(growth < 40, `${growth} MiB more`);
});

Deno.test("the hash does not depend on how the content is cut", () => {
  const cuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 12 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), cuts, (content, places) => {
    const hasher = new ContentHasher(hashing, content.length);
    const ends = [...places.filter((place) => place <= content.length), content.length];
    let start = 0;
    for (const end of ends.toSorted((a, b) => a - b)) {
      hasher.update(content.subarray(start, end));
      start = end;
    }
    assert.deepEqual(hasher.finish(), hashAll(content));
  }));
});

Deno.test("large pieces count for the first and the last 50 MiB as small ones do", () => {
  for (const size of [fullHashBytesMax + 7, 2 * fullHashBytesMax + 7]) {
    const content = new Uint8Array(size);
    for (let place = 0; place < size; place += 997) content[place] = place;
    const ends = createHash("sha1");
    ends.update(createHash("sha1").update(content.subarray(0, fullHashBytesMax)).digest());
    ends.update(createHash("sha1").update(content.subarray(size - fullHashBytesMax)).digest());
    const whole = hashAll(content);
    assert.equal(whole.hash, ends.digest("base64url").slice(0, 22));
    const hasher = new ContentHasher(hashing, size);
    for (let start = 0; start < size; start += 40_000_001) {
      hasher.update(content.subarray(start, start + 40_000_001));
    }
    assert.deepEqual(hasher.finish(), whole);
  }
});

Deno.test("large content costs no MD5, small content no SHA-1", () => {
  const made: HashAlgorithm[] = [];
  const watched: Hashing = {
    create: (algorithm) => {
      made.push(algorithm);
      return hashing.create(algorithm);
    },
    digest: hashing.digest,
    textSha256: hashing.textSha256,
  };
  new ContentHasher(watched, fullHashBytesMax + 1);
  assert.deepEqual(made, ["sha256", "sha1", "sha1"]);
  made.length = 0;
  new ContentHasher(watched, fullHashBytesMax);
  assert.deepEqual(made, ["sha256", "md5"]);
});

Deno.test("content that grew or shrank while it was read gives no hash", () => {
  const isConflict = (error: unknown) => error instanceof LaminError && error.code === "conflict";
  const longer = new ContentHasher(hashing, 3);
  longer.update(Uint8Array.of(1, 2));
  assert.throws(() => longer.update(Uint8Array.of(3, 4)), isConflict);
  const shorter = new ContentHasher(hashing, 3);
  shorter.update(Uint8Array.of(1, 2));
  assert.throws(() => shorter.finish(), isConflict);
});
