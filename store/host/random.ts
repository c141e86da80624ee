/** The Web Crypto call gives at most this many bytes at once. */
const mostAtOnce = 65_536;

/** `count` bytes from the system's source of randomness, fit for secrets. */
export function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let start = 0; start < count; start += mostAtOnce) {
    crypto.getRandomValues(bytes.subarray(start, start + mostAtOnce));
  }
  return bytes;
}
