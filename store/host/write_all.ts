import { FileError } from "./host.ts";

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Hands `bytes` to `write`, which gives the count that it took, until all are taken. */
export function writeAll(bytes: Uint8Array, write: (rest: Uint8Array) => number): void {
  for (let done = 0; done < bytes.length;) {
    done += persist(() => write(bytes.subarray(done)));
  }
}

/**
 * Does the work, again while it fails with EAGAIN: a pipe that another program made non-blocking
 * answers so while it is full. The pauses are at most 20 ms.
 */
export function persist<T>(work: () => T): T {
  for (let pause = 1;; pause = Math.min(pause * 2, 20)) {
    try {
      return work();
    } catch (error) {
      if (!isFull(error)) throw error;
      Atomics.wait(cell, 0, 0, pause);
    }
  }
}

/** Whether a write failed because the pipe had no room. */
export function isFull(error: unknown): boolean {
  return error instanceof FileError && error.code === "EAGAIN";
}
