import type { BlobReader } from "../../store/objects/blob_store.ts";

/** Bytes read at a time; one piece is used while the next is on its way. */
const pieceBytes = 1024 * 1024;

/**
 * Of blobs above this the pieces share memory: one is valid until two more were asked for. Nobody
 * holds all of so large a blob.
 */
const sharedMin = 8 * 1024 * 1024;
/** The piece on its way, the last one, the one before that is still used, and one to spare. */
const buffersCount = 4;

/**
 * All bytes of a blob on a server in order: while one piece is used, the next is on its way. Ends
 * early where the blob does. A reader is asked for one thing at a time, and goes on with the same
 * answer of the server where the next piece follows.
 */
export async function* readAhead(reader: BlobReader): AsyncGenerator<Uint8Array, void> {
  const isShared = reader.size > sharedMin;
  const buffers = isShared
    ? Array.from({ length: buffersCount }, () => new Uint8Array(pieceBytes))
    : [];
  let offset = 0;
  let count = 0;
  const read = () => {
    const piece = reader.read(offset, pieceBytes, buffers[count++ % buffersCount]);
    piece.catch(() => {}); // it is awaited in its turn
    return piece;
  };
  let next: Promise<Uint8Array> | undefined = reader.size > 0 ? read() : undefined;
  try {
    while (next !== undefined) {
      const piece = await next;
      offset += piece.length;
      next = piece.length > 0 && offset < reader.size ? read() : undefined;
      if (piece.length > 0) yield piece;
    }
  } finally {
    // The reader may be closed only when nothing is under way.
    await next?.catch(() => {});
  }
}
