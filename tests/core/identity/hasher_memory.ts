/** Hashes 300 MiB and prints by how many bytes the process grew at most. */
import { ContentHasher } from "../../../core/identity/content_hasher.ts";
import { denoHost } from "../../../store/host/deno.ts";

const mebibyte = 1024 * 1024;
const host = denoHost();
const piece = new Uint8Array(mebibyte);
const hasher = new ContentHasher(await host.hashing(), 300 * mebibyte);
hasher.update(piece);
const before = host.memoryBytes();
let most = before;
for (let count = 1; count < 300; count++) {
  hasher.update(piece);
  most = Math.max(most, host.memoryBytes());
}
hasher.finish();
console.log(most - before);
