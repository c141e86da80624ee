/** The last bytes of very many: memory for twice as many as are kept, and little copying. */
export class LastBytes {
  #buffer = new Uint8Array(0);
  #length = 0;
  /** How many came in all. */
  total = 0;

  constructor(private readonly max: number) {}

  push(bytes: Uint8Array): void {
    this.total += bytes.length;
    const last = bytes.subarray(Math.max(0, bytes.length - this.max));
    if (this.#buffer.length === 0) this.#buffer = new Uint8Array(2 * this.max);
    if (this.#length + last.length > this.#buffer.length) {
      const kept = this.max - last.length;
      this.#buffer.copyWithin(0, this.#length - kept, this.#length);
      this.#length = kept;
    }
    this.#buffer.set(last, this.#length);
    this.#length += last.length;
  }

  /** Those that are kept. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(Math.max(0, this.#length - this.max), this.#length);
  }
}
