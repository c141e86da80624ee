import { LaminError } from "../../../store/errors.ts";
import { FileError } from "../../../store/host/host.ts";
import { relativeTo } from "../../../store/path.ts";

/** What a code means for a file that is to be read. */
const reasons: Readonly<Record<string, (it: string) => string>> = {
  EACCES: (it) => `you may not read ${it}`,
  EPERM: (it) => `you may not read ${it}`,
  ENOENT: (it) => `${it} vanished while it was read`,
  ENOTDIR: (it) => `${it} vanished while it was read`,
  EISDIR: (it) => `a folder took the place of ${it}`,
  ELOOP: (it) => `a link took the place of ${it}`,
  ENAMETOOLONG: (it) => `the name of ${it} is too long`,
  EIO: (it) => `the disk fails to read ${it}`,
};

/**
 * Why the source at a path cannot be added, so that the others go on. What is no fault of the
 * source is thrown again.
 */
export function reasonToRefuse(error: unknown, source: string): string {
  if (error instanceof LaminError) return error.message;
  if (!(error instanceof FileError)) throw error;
  // The same failure where the store lies is not the source's fault.
  const below = relativeTo(source, error.path);
  const reason = below === undefined ? undefined : reasons[error.code];
  if (reason === undefined) throw error;
  return reason(below === "" ? "it" : `${below} in it`);
}
