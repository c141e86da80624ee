/** The Web Crypto call gives at most this many bytes at once. */
const mostAtOnce = 65_536;

/** A call takes as long for so many bytes as for a few; a uid needs fewer than twenty. */
const stockBytes = 4096;
const fewBytes = 64;

let stock = new Uint8Array();
let used = 0;

/** `count` bytes from the system's source of randomness, fit for secrets. */
export function randomBytes(count: number): Uint8Array {
  if (count > fewBytes) return fresh(count);
  if (used + count > stock.length) [stock, used] = [fresh(stockBytes), 0];
  return stock.slice(used, used += count);
}

function fresh(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let start = 0; start < count; start += mostAtOnce) {
    crypto.getRandomValues(bytes.subarray(start, start + mostAtOnce));
  }
  return bytes;
}
