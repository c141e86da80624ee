import assert from "node:assert/strict";
import { ContentHasher, fullHashBytesMax } from "../../../core/identity/content_hasher.ts";
import { UnsizedHasher } from "../../../core/identity/unsized_hasher.ts";
import { denoHost } from "../../../store/host/deno.ts";

Deno.test("unsized hasher: the hashes are those of content whose size is known", async () => {
  const hashing = await denoHost().hashing();
  const buffer = new Uint8Array(7 * 1024 * 1024 + 3);
  const limit = fullHashBytesMax;
  for (
    const size of [0, 1, limit, limit + 1, 2 * limit + buffer.length]
  ) {
    const [unsized, sized] = [new UnsizedHasher(hashing), new ContentHasher(hashing, size)];
    for (let offset = 0, piece = 1; offset < size; offset += buffer.length, piece++) {
      // The caller uses the place of the bytes again.
      buffer.fill(piece);
      const bytes = buffer.subarray(0, Math.min(buffer.length, size - offset));
      unsized.update(bytes);
      sized.update(bytes);
    }
    assert.equal(unsized.size, size);
    assert.deepEqual(unsized.finish(), sized.finish(), `${size} bytes`);
  }
});
