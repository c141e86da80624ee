/** What one request brings of an answer, so that a server need not hold more. */
export const pieceBytesMax = 4 << 20;

export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/** A stream of bytes in pieces of the size of a request; one at least. */
export async function* piecesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let buffer = new Uint8Array(pieceBytesMax);
  let length = 0;
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length;) {
      if (length === pieceBytesMax) {
        yield { bytes: buffer, isLast: false };
        buffer = new Uint8Array(pieceBytesMax);
        length = 0;
      }
      const part = bytes.subarray(at, at + pieceBytesMax - length);
      buffer.set(part, length);
      length += part.length;
      at += part.length;
    }
  }
  yield { bytes: buffer.slice(0, length), isLast: true };
}
