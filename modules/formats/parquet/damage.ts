import { LaminError } from "../../../store/errors.ts";

/** The error for a file that is not what its beginning promised. */
export function damaged(name: string, why: string, cause?: unknown): LaminError {
  return new LaminError("damaged", `${name} is not a valid Parquet file: ${why}.`, {
    data: { name },
    cause,
  });
}

/** The error for a file that may be valid, but that is not read. */
export function unsupported(name: string, what: string): LaminError {
  return new LaminError("failed", `${name} uses ${what}, which cannot be read.`, {
    hint: "It can still be compared as bytes.",
    data: { name },
  });
}

/** Runs decoding of bytes: whatever it trips over means that the file is damaged. */
export function decoding<T>(name: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LaminError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw damaged(name, `${what} cannot be decoded (${why})`, error);
  }
}
