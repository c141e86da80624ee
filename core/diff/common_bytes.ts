import type { Source } from "../format/format.ts";

/** Bytes of each side held at a time. */
const pieceBytes = 1024 * 1024;

/**
 * Offset of the first byte that differs; the size of the shorter content when the longer one begins
 * with it; null when both are equal. Reads both only as far as that, and hands the equal pieces to
 * `equal` in order.
 */
export async function firstDifference(
  before: Source,
  after: Source,
  equal: (bytes: Uint8Array) => void = () => {},
): Promise<number | null> {
  const size = Math.min(before.size, after.size);
  for (let offset = 0; offset < size; offset += pieceBytes) {
    const length = Math.min(pieceBytes, size - offset);
    const [a, b] = await Promise.all([before.read(offset, length), after.read(offset, length)]);
    const common = commonStart(a, b);
    if (common > 0) equal(a.subarray(0, common));
    if (common < length) return offset + common;
  }
  return before.size === after.size ? null : size;
}

/**
 * Count of equal bytes at the end of both contents, at most `bytesMax`. Hands the equal pieces to
 * `equal` from the last to the first.
 */
export async function commonEnd(
  before: Source,
  after: Source,
  bytesMax: number,
  equal: (bytes: Uint8Array) => void = () => {},
): Promise<number> {
  let done = 0;
  while (done < bytesMax) {
    const length = Math.min(pieceBytes, bytesMax - done);
    const [a, b] = await Promise.all([
      before.read(before.size - done - length, length),
      after.read(after.size - done - length, length),
    ]);
    let common = 0;
    while (common < length && a[length - 1 - common] === b[length - 1 - common]) common++;
    if (common > 0) equal(a.subarray(length - common));
    done += common;
    if (common < length) break;
  }
  return done;
}

/** Count of equal bytes at the start of both arrays. */
function commonStart(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let common = 0;
  while (common < length && a[common] === b[common]) common++;
  return common;
}
