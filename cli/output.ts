import type { Host } from "../store/host/host.ts";
import { escapeForTerminal, escapeLines } from "../core/text/escape.ts";
import { shortened } from "../core/text/shorten.ts";
import { jsonText } from "./render/json_text.ts";
import type { Paint } from "./render/paint.ts";
import { paintFor } from "./render/paint.ts";
import { Progress, type ProgressOptions } from "./render/progress.ts";
import { expandTemplate, requireFields } from "./render/template.ts";

/** A value that `--json` prints. */
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json;
};
export type JsonObject = { readonly [key: string]: Json };

export interface OutputOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const encoder = new TextEncoder();

/**
 * What a verb prints: results on standard output, in one of three shapes, everything else on
 * standard error. Results are data first; the human shape is made only when a person reads.
 */
export class Output {
  readonly mode: "human" | "json" | "format";
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Styles for results; without effect when standard output is no terminal or NO_COLOR is set. */
  readonly paint: Paint;
  readonly #paintError: Paint;

  constructor(private readonly host: Host, private readonly options: OutputOptions = {}) {
    this.mode = options.json ? "json" : options.format !== undefined ? "format" : "human";
    this.quiet = options.quiet ?? false;
    this.verbose = options.verbose ?? false;
    this.paint = paintFor(host, host.terminal.outputIsTerminal());
    this.#paintError = paintFor(host, host.terminal.errorIsTerminal());
  }

  /** Columns to lay human output out in; unlimited when it goes to a file or pipe. */
  get width(): number {
    return this.host.terminal.outputIsTerminal() ? this.host.terminal.columns() : Infinity;
  }

  /** Whether a person looks at standard output. */
  get isTerminal(): boolean {
    return this.host.terminal.outputIsTerminal();
  }

  /**
   * Throws code "usage" when `--format` asks for another field than these. A verb that changes
   * something asks first: with the change made, it would be too late to call the words off.
   */
  requireFields(fields: readonly string[]): void {
    if (this.mode === "format") requireFields(this.options.format!, fields);
  }

  /** Prints one result. `human` gives its text; names in it must have passed `safe`. */
  result(value: JsonObject, human: () => string): void {
    if (this.mode === "json") this.#line(jsonText(value));
    else if (this.mode === "format") this.#line(expandTemplate(this.options.format!, value));
    else {
      const text = human();
      if (text !== "") this.text(text);
    }
  }

  /**
   * Prints a list: one JSON object or one expanded template a line, or for people the whole of it
   * at once.
   */
  results(values: Iterable<JsonObject>, human: () => string): void {
    if (this.mode === "human") this.result({}, human);
    else for (const value of values) this.result(value, () => "");
  }

  /** Prints human text; nothing in the other modes. */
  text(text: string): void {
    // Names have passed `safe`; this is for what nobody thought of as a name, such as uids.
    if (this.mode === "human") this.#line(escapeLines(text, this.paint.enabled));
  }

  /** Writes bytes to standard output. */
  bytes(bytes: Uint8Array): void {
    this.host.terminal.writeOutput(bytes);
  }

  /** A remark on standard error, unless `--quiet`. */
  note(text: string): void {
    if (!this.quiet) this.error(text);
  }

  /** A remark on standard error that matters even with `--quiet`. */
  warn(text: string): void {
    this.error(`${this.#paintError.yellow("!")} ${shortened(text)}`);
  }

  /** A failure as JSON, on standard error. */
  failure(value: unknown): void {
    this.host.terminal.writeError(encoder.encode(jsonText(value) + "\n"));
  }

  /** A line on standard error. */
  error(text: string): void {
    const harmless = escapeLines(text, this.#paintError.enabled);
    this.host.terminal.writeError(encoder.encode(harmless + "\n"));
  }

  /** Styles for what goes to standard error. */
  get paintError(): Paint {
    return this.#paintError;
  }

  /** Progress of long work on standard error; silent unless a person looks there. */
  progress(what: string, options: ProgressOptions = {}): Progress {
    const shown = !this.quiet && this.mode === "human" && this.host.terminal.errorIsTerminal();
    return new Progress(this.host, what, shown, options);
  }

  /** A name from an instance or a file, with what could command the terminal made visible. */
  safe(name: string): string {
    return escapeForTerminal(name);
  }

  #line(text: string): void {
    this.host.terminal.writeOutput(encoder.encode(text + "\n"));
  }
}
