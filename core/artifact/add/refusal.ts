import { LaminError } from "../../../store/errors.ts";
import { FileError } from "../../../store/host/host.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ENOENT: "it vanished while it was read",
  ENAMETOOLONG: "its name is too long",
};

/**
 * Why one source cannot be added, so that the others go on. What is no fault of the source is
 * thrown again.
 */
export function reasonToRefuse(error: unknown): string {
  if (error instanceof LaminError) return error.message;
  const reason = error instanceof FileError ? reasons[error.code] : undefined;
  if (reason !== undefined) return reason;
  throw error;
}
