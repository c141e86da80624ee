import { FileError } from "./host.ts";

/**
 * Runs a call of the system.
 * @throws FileError with the code of the system where the call fails.
 */
export function attempt<T>(operation: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(operation, path, error);
  }
}

/** As {@link attempt}, but null where nothing is there: ENOENT, ENOTDIR, and links in a circle. */
export function attemptOrNull<T>(operation: string, path: string, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    const failure = fileError(operation, path, error);
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(failure.code)) return null;
    throw failure;
  }
}

/** Failures that the engines notice themselves, under the code that the system has for them. */
const codes: Readonly<Record<string, string>> = {
  ERR_INVALID_ARG_VALUE: "EINVAL", // node: a path with a NUL
  BadResource: "EBADF", // Deno: a file that was closed
  WouldBlock: "EAGAIN", // Deno
};

/** What an engine threw as a FileError with the code of the system call. */
export function fileError(operation: string, path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const given = typeof code === "string" ? code : String(name);
  const known = codes[given] ?? (/^E[A-Z0-9]+$/.test(given) ? given : "EIO");
  return new FileError(known, operation, path, error);
}
