/** A process that keeps and reads contents of a cache at random, and tells of every wrong byte. */
import { ContentCache } from "../../../store/cache/content_cache.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { random } from "../../seed.ts";

const [folder, bytesMax, seed, rounds] = Deno.args as [string, string, string, string];
const cache = new ContentCache(denoHost(), folder, Number(bytesMax));
const next = random(Number(seed));

let hits = 0;
for (let round = 0; round < Number(rounds); round++) {
  const number = Math.floor(next() * 30);
  const key = number.toString(16).padStart(2, "0").repeat(32);
  const size = 500 + number * 20;
  const reader = cache.open(key);
  if (reader === undefined) {
    const writer = cache.begin(key, size, String(number));
    writer?.write(new Uint8Array(size / 2).fill(number));
    writer?.write(new Uint8Array(size / 2).fill(number));
    if (next() < 0.2) writer?.drop();
    else writer?.keep();
    continue;
  }
  hits++;
  const bytes = await reader.read(0, size);
  reader.close();
  if (bytes.length !== size || bytes.some((byte) => byte !== number)) {
    console.log(`content ${number} has ${bytes.length} bytes, ${bytes[0]} first`);
  }
}
console.log(hits > 0 ? "done" : "no hit");
