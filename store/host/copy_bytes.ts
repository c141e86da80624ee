import type { Files } from "./host.ts";

/** How much is copied at a time, in bytes. */
const pieceSize = 1024 * 1024;

/**
 * Copies bytes and nothing else into a new file, for file systems on which modes cannot be set: the
 * calls of the engines fail there. Leaves nothing when it fails.
 * @throws FileError when `to` exists, and for whatever else fails.
 */
export function copyBytes(files: Files, from: string, to: string): void {
  const source = files.open(from, { read: true });
  try {
    const target = files.open(to, { write: true, createNew: true });
    try {
      const piece = new Uint8Array(pieceSize);
      for (let count; (count = source.read(piece)) > 0;) target.write(piece.subarray(0, count));
    } catch (error) {
      files.remove(to);
      throw error;
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}
