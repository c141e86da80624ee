const mebibyte = 2 ** 20;

/** S3 takes no more parts than this. */
const partsMax = 10_000;

/** From here on another thread that hashes the parts saves more time than its start takes. */
const hashedBesideMin = 64 * mebibyte;

/** The size of parts for an object: 8 MiB, more where there would be too many. */
export function partSizeOf(size: number): number {
  return Math.max(8, Math.ceil(size / partsMax / mebibyte)) * mebibyte;
}

/** The size of parts that are worth hashing while the object is read for another reason. */
export function hashedPartSize(size: number): number | undefined {
  return size < hashedBesideMin ? undefined : partSizeOf(size);
}
