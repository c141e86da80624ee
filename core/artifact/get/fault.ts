import { LaminError } from "../../../store/errors.ts";
import { fileFailure } from "../../../store/host/file_failure.ts";
import { FileError } from "../../../store/host/host.ts";

/** Failures of the file system that concern one path; the others would meet every artifact. */
const ofOnePath: ReadonlySet<string> = new Set([
  "EACCES",
  "EPERM",
  "ENAMETOOLONG",
  "EINVAL",
  "EILSEQ",
  "ENOTDIR",
  "EISDIR",
]);

/**
 * The failure as the fault of one artifact, so that the others go on. Throws what is no such fault,
 * as a full disk.
 */
export function faultOf(error: unknown): LaminError {
  if (error instanceof LaminError) return error;
  if (error instanceof FileError && ofOnePath.has(error.code)) return fileFailure(error);
  throw error;
}
