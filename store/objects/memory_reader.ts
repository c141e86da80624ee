import type { BlobReader } from "./blob_store.ts";

/** Bytes in memory as an open blob. */
export function memoryReader(bytes: Uint8Array): BlobReader {
  return {
    size: bytes.length,
    read: (offset, length) =>
      Promise.resolve(bytes.slice(offset, Math.max(offset, offset + length))),
    close: () => {},
  };
}
