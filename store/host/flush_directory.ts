import { FileError } from "./host.ts";

/** Systems that cannot flush a directory, and directories that may be written but not read. */
const cannotBeFlushed: ReadonlySet<string> = new Set(
  ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF", "EISDIR", "EACCES", "EPERM"],
);

/**
 * Flushes a directory by `flush`; where that cannot be done at all, its names are the system's to
 * keep. Throws the FileError of a flush that failed, as of a broken disk.
 */
export function flushDirectoryBy(flush: () => void): void {
  try {
    flush();
  } catch (error) {
    if (!(error instanceof FileError && cannotBeFlushed.has(error.code))) throw error;
  }
}
