import type { Host, OpenFile } from "../../../store/host/host.ts";
import { LogRedactor } from "../redact.ts";

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
  /** The last pieces of what came after the beginning, and how much that was. */
  #end: Uint8Array[] = [];
  #endBytes = 0;
  #restBytes = 0;
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
    else this.#keep(bytes.slice());
  }

  /** Writes what is left and closes the file. */
  close(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#redactors[stream].end();
      if (rest.length > 0) this.#write(rest);
    }
    if (this.#restBytes > 0) this.#writeEnd();
    this.#file.close();
  }

  #keep(bytes: Uint8Array): void {
    this.#end.push(bytes);
    this.#endBytes += bytes.length;
    this.#restBytes += bytes.length;
    while (this.#endBytes - this.#end[0]!.length > endMax) {
      this.#endBytes -= this.#end.shift()!.length;
    }
  }

  #writeEnd(): void {
    const redactor = this.#redactors.stdout;
    const left = this.#restBytes - this.#endBytes;
    if (left > 0) this.#write(new TextEncoder().encode(`\n[… ${left} bytes left out …]\n`));
    for (const piece of this.#end) this.#write(redactor.feed(piece));
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
