const encoder = new TextEncoder();

/**
 * A number that tells damaged rows of the cache from sound ones, a whole one below 2^53: made for
 * flipped bits and rows cut short, not against intent, since whoever can write the cache can write
 * the files beside it too. FNV-1a in two lanes over words of 32 bits.
 */
export function checksum(text: string, bytes: Uint8Array = new Uint8Array()): number {
  const lanes: Lanes = [0x811c9dc5, 0x9747b28c];
  const encoded = encoder.encode(text);
  take(lanes, Uint32Array.of(encoded.length, bytes.length));
  for (const piece of [encoded, bytes]) {
    const whole = piece.length - piece.length % 4;
    const isAligned = piece.byteOffset % 4 === 0;
    const words = isAligned ? piece : piece.slice(0, whole);
    take(lanes, new Uint32Array(words.buffer, words.byteOffset, whole / 4));
    take(lanes, Uint32Array.from(piece.subarray(whole)));
  }
  return (lanes[0] >>> 0) * 2 ** 21 + (lanes[1] >>> 11);
}

type Lanes = [number, number];

function take(lanes: Lanes, words: Uint32Array): void {
  let [first, second] = lanes;
  for (let position = 0; position < words.length; position++) {
    const word = words[position]!;
    first = Math.imul(first ^ word, 0x01000193);
    second = Math.imul(second ^ (word >>> 16 | word << 16), 0x85ebca6b);
    second ^= second >>> 13;
  }
  lanes[0] = first ^ (first >>> 15);
  lanes[1] = second;
}
