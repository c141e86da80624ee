import { LaminError } from "../../../store/errors.ts";
import { FileError } from "../../../store/host/host.ts";

/** Failures of the file system that concern one path; the others would meet every artifact. */
const ofOnePath: Readonly<Record<string, string>> = {
  EACCES: "you may not",
  EPERM: "you may not",
  ENAMETOOLONG: "the name is too long",
  EINVAL: "the file system does not take the name",
  EILSEQ: "the file system does not take the name",
  ENOTDIR: "a folder in it is a file",
  EISDIR: "a folder is there",
};

/**
 * The failure as the fault of one artifact, so that the others go on. Throws what is no such fault,
 * as a full disk.
 */
export function faultOf(error: unknown): LaminError {
  if (error instanceof LaminError) return error;
  const why = error instanceof FileError ? ofOnePath[error.code] : undefined;
  if (!(error instanceof FileError) || why === undefined) throw error;
  const isDenied = error.code === "EACCES" || error.code === "EPERM";
  return new LaminError(
    isDenied ? "denied" : "failed",
    `cannot ${error.operation} ${error.path}: ${why}`,
    { data: { path: error.path, system: error.code }, cause: error },
  );
}
