import type { Host } from "../../store/host/host.ts";
import { formatBytes, formatDuration } from "./quantity.ts";

/** Least time between two drawings, in milliseconds. */
const redrawMs = 100;

export interface ProgressOptions {
  readonly total?: number;
  /** How amounts are written; as bytes unless said. */
  readonly format?: (amount: number) => string;
}

/** One line on a terminal with amount, rate and time left, drawn over itself. */
export class Progress {
  readonly #started: number;
  #drawn = 0;
  #bytes = 0;
  #items = 0;

  #totalBytes: number | undefined;
  readonly #format: (amount: number) => string;

  constructor(
    private readonly host: Host,
    private readonly what: string,
    private readonly shown: boolean,
    { total, format = formatBytes }: ProgressOptions = {},
  ) {
    this.#totalBytes = total;
    this.#format = format;
    this.#started = host.now().getTime();
  }

  /** Says how much there is to do, once that is known. */
  expect(totalBytes: number): void {
    this.#totalBytes = totalBytes;
  }

  /** Counts work done. */
  advance(bytes: number, items = 0): void {
    this.#bytes += bytes;
    this.#items += items;
    if (!this.shown) return;
    const now = this.host.now().getTime();
    if (now - this.#drawn < redrawMs) return;
    this.#drawn = now;
    this.#draw(now);
  }

  /** Clears the line. */
  end(): void {
    if (this.shown && this.#drawn > 0) this.#write("\r\x1b[K");
  }

  #draw(now: number): void {
    const seconds = (now - this.#started) / 1000;
    const rate = seconds > 0 ? this.#bytes / seconds : 0;
    const parts = [`${this.what}:`];
    if (this.#items > 0) parts.push(`${this.#items} files,`);
    parts.push(
      this.#totalBytes === undefined
        ? this.#format(this.#bytes)
        : `${this.#format(this.#bytes)} of ${this.#format(this.#totalBytes)}`,
    );
    if (seconds >= 1) parts.push(`at ${this.#format(rate)}/s`);
    if (this.#totalBytes !== undefined && seconds >= 1 && rate > 0) {
      const left = Math.max(0, this.#totalBytes - this.#bytes) / rate;
      parts.push(`${formatDuration(left)} left`);
    }
    this.#write(`\r\x1b[K${parts.join(" ").slice(0, this.host.terminal.columns() - 1)}`);
  }

  #write(text: string): void {
    this.host.terminal.writeError(new TextEncoder().encode(text));
  }
}
