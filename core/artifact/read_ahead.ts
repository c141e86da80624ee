import type { BlobReader } from "../../store/objects/blob_store.ts";

/** Bytes of a request, and how many of them one blob has under way at a time. */
const pieceBytes = 4 * 1024 * 1024;
const pieces = 8;

/** Bytes under way for all blobs that are read at the same time; each may have one piece. */
const bytesMax = 48 * 1024 * 1024;
let bytesUnderWay = 0;

/**
 * All bytes of a blob on a server in order, with several requests under way, so that neither waits
 * for the other. Ends early where the blob does.
 */
export async function* readAhead(reader: BlobReader): AsyncGenerator<Uint8Array, void> {
  const pending: { readonly length: number; readonly bytes: Promise<Uint8Array> }[] = [];
  let asked = 0;
  try {
    while (asked < reader.size || pending.length > 0) {
      while (asked < reader.size && pending.length < pieces) {
        const length = Math.min(pieceBytes, reader.size - asked);
        if (pending.length > 0 && bytesUnderWay + length > bytesMax) break;
        bytesUnderWay += length;
        const bytes = wholePiece(reader, asked, length);
        bytes.catch(() => {}); // it is awaited in its turn
        pending.push({ length, bytes });
        asked += length;
      }
      const { length, bytes } = pending.shift()!;
      const piece = await bytes.finally(() => bytesUnderWay -= length);
      if (piece.length > 0) yield piece;
      if (piece.length < length) return;
    }
  } finally {
    await Promise.allSettled(pending.map(({ bytes }) => bytes));
    for (const { length } of pending) bytesUnderWay -= length;
  }
}

/** A server may give less than was asked for. */
async function wholePiece(
  reader: BlobReader,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const first = await reader.read(offset, length);
  if (first.length === length || first.length === 0) return first;
  const whole = new Uint8Array(length);
  whole.set(first);
  for (let filled = first.length; filled < length;) {
    const more = await reader.read(offset + filled, length - filled);
    if (more.length === 0) return whole.subarray(0, filled);
    whole.set(more, filled);
    filled += more.length;
  }
  return whole;
}
