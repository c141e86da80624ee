/** What the thread is asked: files to be read and hashed. */
export interface HashQuestion {
  /** Joined by NUL. */
  readonly paths: string;
  /** Of each file its size, times in whole milliseconds and inode, as they are to be. */
  readonly expected: Float64Array;
}

/** SHA-256 and MD5 of each file, one after the other; anything where `isRead` is 0. */
export interface HashAnswer {
  readonly digests: string;
  readonly isRead: Uint8Array<ArrayBuffer>;
}

/** Characters of a SHA-256, and of it and an MD5 together. */
export const sha256Length = 64;
export const digestsLength = 86;

/** How many numbers tell what a file is to be. */
export const expectedCount = 4;

/**
 * What `startThread` runs. A file that cannot be read, or is not as expected, is left to who asked:
 * it is never the place of a failure.
 */
export async function hashThread(): Promise<void> {
  const { parentPort } = await import("node:worker_threads");
  const { closeSync, fstatSync, openSync, readSync } = await import("node:fs");
  const { hash } = await import("node:crypto");
  let memory = new Uint8Array(65_536);

  function read(path: string, expected: Float64Array): Uint8Array | undefined {
    const size = expected[0]!;
    if (memory.length < size) memory = new Uint8Array(2 * size);
    const descriptor = openSync(path, "r");
    try {
      let length = 0;
      while (length < size) {
        const count = readSync(descriptor, memory, length, size - length, null);
        if (count === 0) return undefined;
        length += count;
      }
      const { size: found, mtimeMs, ctimeMs, ino } = fstatSync(descriptor, { bigint: true });
      const stat = [found, mtimeMs, ctimeMs, ino];
      const isSame = stat.every((value, nth) => Number(value) === expected[nth]);
      return isSame ? memory.subarray(0, size) : undefined;
    } finally {
      closeSync(descriptor);
    }
  }

  parentPort!.on("message", ({ paths, expected }: HashQuestion) => {
    const names = paths.split("\0");
    const isRead = new Uint8Array(names.length);
    const digests = names.map((path, nth) => {
      try {
        const bytes = read(path, expected.subarray(4 * nth, 4 * nth + 4));
        if (bytes === undefined) return "".padEnd(86);
        isRead[nth] = 1;
        return hash("sha256", bytes, "hex") + hash("md5", bytes, "base64url");
      } catch {
        // Who asked reads it again, and tells why it cannot be.
        return "".padEnd(86);
      }
    });
    parentPort!.postMessage({ digests: digests.join(""), isRead }, [isRead.buffer]);
  });
}
