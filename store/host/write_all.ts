import { FileError } from "./host.ts";

const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Hands `bytes` to `write` until all are taken. A pipe that another program made non-blocking
 * answers EAGAIN while it is full; it is asked again after a pause of at most 20 ms.
 */
export function writeAll(bytes: Uint8Array, write: (rest: Uint8Array) => number): void {
  let pause = 1;
  let done = 0;
  while (done < bytes.length) {
    try {
      done += write(bytes.subarray(done));
      pause = 1;
    } catch (error) {
      if (!(error instanceof FileError) || error.code !== "EAGAIN") throw error;
      Atomics.wait(cell, 0, 0, pause);
      pause = Math.min(pause * 2, 20);
    }
  }
}
