/** Where a block of runs lies and what it holds. */
export interface RunBlock {
  readonly offset: number;
  readonly end: number;
  /** Bits of a value. */
  readonly width: number;
  readonly count: number;
}

/**
 * Checks a block of Parquet's "RLE/bit-packing hybrid" before it is decoded: the decoding library
 * writes whatever count a run claims, so that five bytes could fill the memory. Gives how many of
 * the values are `wanted`, of at most 8 bits.
 *
 * @throws Error when the runs do not fit the count or the bytes.
 */
export function checkRuns(bytes: Uint8Array, block: RunBlock, wanted?: number): number {
  const { offset, end, width, count } = block;
  if (width > 32) throw new Error(`values of ${width} bits are impossible`);
  if (end > bytes.length || offset > end) throw new Error("runs end beyond their page");
  const reader = new RunReader(bytes, offset, end);
  let found = 0;
  for (let seen = 0; seen < count;) {
    const header = reader.number();
    const left = count - seen;
    if (header % 2 === 0) {
      if (header / 2 > left) throw new Error("a run has more values than its page");
      if (reader.littleEndian(Math.ceil(width / 8)) === wanted) found += header / 2;
      seen += header / 2;
    } else {
      const groups = (header - 1) / 2;
      // The last group of eight is filled up; without bits, groups would cost nothing.
      if (width === 0 && groups * 8 > left + 7) throw new Error("a run has too many values");
      const amount = Math.min(groups * 8, left);
      if (wanted !== undefined) found += reader.countPacked(amount, width, wanted);
      reader.skip(groups * width, Math.ceil(amount * width / 8));
      seen += amount;
    }
  }
  return found;
}

class RunReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
  ) {}

  /** A number in groups of seven bits, the lowest first. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error("a run has an impossible length");
  }

  littleEndian(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) value += this.#byte() * 2 ** (8 * index);
    return value;
  }

  /** How many of the next `amount` packed values of at most 8 bits are `wanted`. */
  countPacked(amount: number, width: number, wanted: number): number {
    const mask = (1 << width) - 1;
    let found = 0;
    for (let index = 0, bit = 0; index < amount; index++, bit += width) {
      const at = this.at + (bit >> 3);
      const pair = (this.bytes[at] ?? 0) | ((this.bytes[at + 1] ?? 0) << 8);
      if (((pair >> (bit & 7)) & mask) === wanted) found++;
    }
    return found;
  }

  /** Moves on; only `needed` of the bytes have to be there. */
  skip(count: number, needed: number): void {
    if (this.at + needed > this.end) throw new Error("runs end early");
    this.at += count;
  }

  #byte(): number {
    if (this.at >= this.end) throw new Error("runs end early");
    return this.bytes[this.at++]!;
  }
}
