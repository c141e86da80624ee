import { LaminError } from "../../../store/errors.ts";

/** How long the other side is waited for. */
export interface Patience {
  /** Longest silence, and what is granted in all besides what the bytes take. */
  readonly silenceMs: number;
  /** Slowest rate that is waited for, in bytes a second. */
  readonly slowest: number;
  /** How long it may say that it is at work without sending anything. */
  readonly workMs: number;
}

export const usualPatience: Patience = {
  silenceMs: 60_000,
  slowest: 1024,
  workMs: 2 * 60 * 60 * 1000,
};

/** Bounds the time that an exchange takes by what comes of it. */
export class Deadline {
  #start = performance.now();
  #received = 0;
  #worked = 0;
  #lastSign = this.#start;

  constructor(private readonly patience: Patience) {}

  /** Waits for what the other side does next. Throws code "failed" when it takes too long. */
  async wait<T>(work: Promise<T>): Promise<T> {
    const { silenceMs, slowest, workMs } = this.patience;
    const granted = silenceMs + this.#received / slowest * 1000 + Math.min(this.#worked, workMs);
    const left = Math.min(silenceMs, this.#start + granted - performance.now());
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooSlow()), Math.max(0, left));
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Notes that so many bytes came. */
  received(bytes: number): void {
    this.#received += bytes;
    this.#lastSign = performance.now();
  }

  /** Notes that it said to be at work: the time since its last sign does not count. */
  alive(): void {
    const now = performance.now();
    this.#worked += now - this.#lastSign;
    this.#lastSign = now;
  }

  /** Begins anew, as it was this side's turn. */
  renew(): void {
    this.#start = this.#lastSign = performance.now();
    this.#received = this.#worked = 0;
  }
}

function tooSlow(): LaminError {
  return new LaminError("failed", "the other side does not go on in time", {
    hint: "run the command again: it goes on where it was",
  });
}
