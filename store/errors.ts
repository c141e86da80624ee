/** What went wrong, as data: the exit code of the program follows from it (cli/exit.ts). */
export type ErrorCode =
  | "failed" // the work could not be done
  | "usage" // the words of the command are off
  | "not_found" // nothing has that name
  | "ambiguous" // several things have that name
  | "conflict" // what is there stands in the way
  | "no_instance" // there is no instance here
  | "busy" // another process holds the instance
  | "denied" // the system or a setting forbids it
  | "not_fetched" // the bytes are at another instance still
  | "damaged" // bytes are not what they were recorded as
  | "schema_unknown"; // the database is newer or older than this program knows

/** One failure with what is needed to print it, to act on it and to serialise it. */
export class LaminError extends Error {
  override readonly name = "LaminError";
  readonly code: ErrorCode;
  /** What the user can do next, one sentence; printed after the message. */
  readonly hint: string | undefined;
  /** The names and values that the message speaks of, for `--json`. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.data = options.data ?? {};
  }

  /** The error as `--json` prints it. */
  toJSON(): Record<string, unknown> {
    return {
      error: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...this.data,
    };
  }
}
