import type { HttpAnswer } from "./http_answer.ts";

/** The bytes of an answer from a known offset on, taken in pieces of any size. */
export class RangeStream {
  #rest: Uint8Array = new Uint8Array();

  /** `position` is the offset of the answer's first byte in the blob. */
  constructor(private readonly answer: HttpAnswer, public position: number) {}

  /**
   * Fills as much of `into` as the answer has; returns the count. Throws as HttpAnswer's `next`;
   * `position` tells then how far it came, and what was filled is right.
   */
  async fill(into: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      if (this.#rest.length === 0) {
        const next = await this.answer.next();
        if (next === undefined) break;
        this.#rest = next;
      }
      const piece = this.#rest.subarray(0, into.length - filled);
      into.set(piece, filled);
      this.#rest = this.#rest.subarray(piece.length);
      filled += piece.length;
      this.position += piece.length;
    }
    return filled;
  }

  /** Passes over bytes. */
  async skip(count: number): Promise<void> {
    const scratch = new Uint8Array(Math.min(count, 1 << 16));
    for (let left = count; left > 0;) {
      const passed = await this.fill(scratch.subarray(0, Math.min(left, scratch.length)));
      if (passed === 0) return;
      left -= passed;
    }
  }

  end(): void {
    this.answer.discard();
  }
}
