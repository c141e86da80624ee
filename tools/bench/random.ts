/** Numbers that are the same in every run: xorshift, since a gigabyte of them is needed. */
export class Random {
  #state: number;

  /** `seed` is a whole number other than 0. */
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** A whole number from 0 up to, but not with, 2³². */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return this.#state = state >>> 0;
  }

  /** A whole number from 0 up to, but not with, `end`. */
  below(end: number): number {
    return this.next() % end;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Fills a buffer whose length is a multiple of four. */
  fill(bytes: Uint8Array): void {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let index = 0; index < words.length; index++) words[index] = this.next();
  }

  /** Letters and digits, as uids have them. */
  text(length: number): string {
    let text = "";
    for (let index = 0; index < length; index++) text += letters[this.below(letters.length)];
    return text;
  }

  /** Lower case hexadecimal digits. */
  hex(length: number): string {
    let text = "";
    while (text.length < length) text += this.next().toString(16).padStart(8, "0");
    return text.slice(0, length);
  }
}

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
