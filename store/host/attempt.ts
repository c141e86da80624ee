import { FileError } from "./host.ts";

/** How often a call is made that signals interrupt. */
const interruptedMax = 100;

/**
 * Runs a call of the system, again where a signal interrupted it. A close is not repeated: the file
 * is closed then, and its number may be another's already.
 *
 * @throws FileError with the code of the system where the call fails.
 */
export function attempt<T>(operation: string, path: string, work: () => T): T {
  for (let count = 1;; count++) {
    try {
      return work();
    } catch (error) {
      const failure = fileError(operation, path, error);
      const isAgain = failure.code === "EINTR" && operation !== "close" && count < interruptedMax;
      if (!isAgain) throw failure;
    }
  }
}

/** As {@link attempt}, but null where nothing is there: ENOENT, ENOTDIR, and links in a circle. */
export function attemptOrNull<T>(operation: string, path: string, work: () => T): T | null {
  try {
    return attempt(operation, path, work);
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code)) {
      return null;
    }
    throw error;
  }
}

/** Failures that the engines notice themselves, under the code that the system has for them. */
const codes: Readonly<Record<string, string>> = {
  ERR_INVALID_ARG_VALUE: "EINVAL", // node: a path with a NUL
  BadResource: "EBADF", // Deno: a file that was closed
  WouldBlock: "EAGAIN", // Deno
  Interrupted: "EINTR", // Deno
};

/**
 * Codes that Deno has no names for: it gives their numbers in the text. Linux and macOS number two
 * of them differently, with numbers that no call of a file has on the other.
 */
const numbered: Readonly<Record<string, string>> = {
  "6": "ENXIO",
  "26": "ETXTBSY",
  "27": "EFBIG",
  "116": "ESTALE",
  "70": "ESTALE",
  "122": "EDQUOT",
  "69": "EDQUOT",
};

/** What an engine threw as a FileError with the code of the system call. */
export function fileError(operation: string, path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const { code, name, message } = error as Partial<Record<"code" | "name" | "message", unknown>>;
  const number = /\(os error (\d+)\)/.exec(String(message))?.[1];
  const given = typeof code === "string" ? code : numbered[number ?? ""] ?? String(name);
  const known = codes[given] ?? (/^E[A-Z0-9]+$/.test(given) ? given : "EIO");
  return new FileError(known, operation, path, error);
}
