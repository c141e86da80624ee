import { type AttachedOptions, FileError } from "./host.ts";

/**
 * How long a program that ended may leave its output open to others, in milliseconds without a
 * byte: what runs on in the background is not waited for.
 */
const quietMs = 300;

/** Passes on what an attached program prints, and knows when that is all. */
export class AttachedOutput {
  /** Resolves when both streams ended, or the program did and its streams rest. */
  readonly drained: Promise<void>;
  /** What `onOutput` failed with. */
  failure: unknown;
  #open = 2;
  #hasEnded = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #resolve: () => void;

  constructor(private readonly onOutput: AttachedOptions["onOutput"]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.drained = promise;
    this.#resolve = resolve;
  }

  /** Takes a piece; false when the stream is to be closed to the program. */
  take(stream: "stdout" | "stderr", bytes: Uint8Array): boolean {
    this.#waitForMore();
    try {
      this.onOutput(stream, bytes);
      return true;
    } catch (error) {
      // Where its reader left, the program learns that as if nothing were in between.
      if (!(error instanceof FileError && error.code === "EPIPE")) this.failure ??= error;
      return false;
    }
  }

  streamEnded(): void {
    this.#open--;
    if (this.#open === 0) this.#finish();
  }

  programEnded(): void {
    this.#hasEnded = true;
    this.#waitForMore();
  }

  #waitForMore(): void {
    if (!this.#hasEnded) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), quietMs);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }
}
