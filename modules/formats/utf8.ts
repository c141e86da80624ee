/**
 * Text of bytes that should be UTF-8, without loss: a byte that is not part of valid UTF-8 becomes
 * the lone surrogate U+DC80 + its low bits, as Python's "surrogateescape" does, so that different
 * bytes never give the same text.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeDamaged(bytes);
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a stream of bytes in pieces that do not part a character. */
export async function* decodeStream(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = new Uint8Array(0);
  for await (const piece of stream) {
    let bytes = piece;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
    }
    const end = bytes.length - unfinishedBytes(bytes);
    rest = bytes.slice(end);
    if (end > 0) yield decodeUtf8(bytes.subarray(0, end));
  }
  if (rest.length > 0) yield decodeUtf8(rest);
}

/** How many bytes at the end begin a character that could still be completed. */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0x80 && byte < 0xc0) continue;
    return byte >= 0xc0 && characterBytes(byte) > back ? back : 0;
  }
  return 0;
}

/** Length of the character that a byte begins; 1 for what begins none. */
function characterBytes(first: number): number {
  if (first >= 0xf0 && first < 0xf5) return 4;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xc2 && first < 0xe0 ? 2 : 1;
}

/** Characters made into text at a time: arguments of one call are limited. */
const piecesMax = 4096;

function decodeDamaged(bytes: Uint8Array): string {
  let text = "";
  let valid = 0;
  for (let offset = 0; offset < bytes.length;) {
    const length = validLength(bytes, offset);
    if (length > 0) {
      offset += length;
      if (offset - valid >= piecesMax) {
        text += strict.decode(bytes.subarray(valid, offset));
        valid = offset;
      }
      continue;
    }
    text += strict.decode(bytes.subarray(valid, offset)) +
      String.fromCharCode(0xdc00 + bytes[offset]!);
    valid = ++offset;
  }
  return text + strict.decode(bytes.subarray(valid));
}

/** Length of the valid character at `offset`, 0 when there is none (Unicode, table 3-7). */
function validLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset]!;
  if (first < 0x80) return 1;
  const length = characterBytes(first);
  if (length === 1 || offset + length > bytes.length) return 0;
  const second = bytes[offset + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index++) {
    if ((bytes[offset + index]! & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Count of bytes that are not part of valid UTF-8. */
export function strayBytes(bytes: Uint8Array): number {
  let stray = 0;
  for (let offset = 0; offset < bytes.length;) {
    const length = validLength(bytes, offset);
    if (length === 0) stray++;
    offset += Math.max(length, 1);
  }
  return stray;
}
