import { LaminError } from "../../../store/errors.ts";
import { FileError } from "../../../store/host/host.ts";
import { relativeTo } from "../../../store/path.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ENOENT: "it vanished while it was read",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk fails to read it",
};

/**
 * Why the source at a path cannot be added, so that the others go on. What is no fault of the
 * source is thrown again.
 */
export function reasonToRefuse(error: unknown, source: string): string {
  if (error instanceof LaminError) return error.message;
  // The same failure where the store lies is not the source's fault.
  const isOfSource = error instanceof FileError && relativeTo(source, error.path) !== undefined;
  const reason = isOfSource ? reasons[error.code] : undefined;
  if (reason !== undefined) return reason;
  throw error;
}
