import type { Host, OpenFile } from "../../../store/host/host.ts";
import { LogRedactor } from "../redact.ts";
import { LastBytes } from "./last_bytes.ts";

/** Bytes of a log that are kept from its beginning, and from its end when it is longer. */
const beginningMax = 64 * 1024 * 1024;
const endMax = 1024 * 1024;

export type StreamName = "stdout" | "stderr";

/**
 * What a run printed, in a file: the lines of both streams as they came, without secrets. Of a log
 * that is very long the middle is left out. Memory stays bounded.
 */
export class RunLog {
  readonly #file: OpenFile;
  readonly #redactors: Readonly<Record<StreamName, LogRedactor>>;
  readonly #beginningMax: number;
  #written = 0;
  /** What came after the beginning. */
  readonly #rest = new LastBytes(endMax);
  /** Why nothing more is written, such as a disk that is full. */
  failure: unknown;

  /** `secrets` are texts that must not be in the log, such as values of the environment. */
  constructor(
    host: Host,
    path: string,
    secrets: readonly string[] = [],
    limits: { readonly beginningMax?: number } = {},
  ) {
    this.#file = host.files.open(path, { write: true, createNew: true, mode: 0o600 });
    this.#redactors = { stdout: new LogRedactor(secrets), stderr: new LogRedactor(secrets) };
    this.#beginningMax = limits.beginningMax ?? beginningMax;
  }

  /** Takes a piece of what was printed. */
  take(stream: StreamName, bytes: Uint8Array): void {
    if (this.#written < this.#beginningMax) this.#write(this.#redactors[stream].feed(bytes));
    else this.#rest.push(bytes);
  }

  /** Writes what is left and closes the file. */
  close(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#redactors[stream].end();
      if (rest.length > 0) this.#write(rest);
    }
    if (this.#rest.total > 0) this.#writeEnd();
    this.#file.close();
  }

  #writeEnd(): void {
    const redactor = this.#redactors.stdout;
    const end = this.#rest.bytes();
    const left = this.#rest.total - end.length;
    if (left > 0) this.#write(new TextEncoder().encode(`\n[… ${left} bytes left out …]\n`));
    this.#write(redactor.feed(end));
    this.#write(redactor.end());
  }

  #write(bytes: Uint8Array): void {
    if (this.failure !== undefined) return;
    try {
      this.#file.write(bytes);
      this.#written += bytes.length;
    } catch (error) {
      // The command goes on without its log.
      this.failure = error;
    }
  }
}
