import { type ErrorCode, LaminError } from "../errors.ts";
import type { FileError } from "./host.ts";

interface Reason {
  /** Ends a sentence "cannot write a.csv: …". */
  readonly why: string;
  /** What the user can do about it. */
  readonly hint?: string;
  readonly code?: ErrorCode;
}

const fullDisk = "free some space, then run the command again; nothing was lost";
const failingDisk = "the hardware or the connection may fail: copy what matters to another disk";
const tooManyFiles = "close other programs or raise the limit ('ulimit -n'), then run it again";

/** What the codes of system calls mean to somebody who does not know them. */
const reasons: Readonly<Record<string, Reason>> = {
  ENOENT: { why: "it does not exist" },
  EACCES: { why: "you may not", code: "denied" },
  EPERM: { why: "you may not", code: "denied" },
  EROFS: { why: "the file system is read-only", code: "denied" },
  ENOSPC: { why: "the disk is full", hint: fullDisk },
  EDQUOT: { why: "your quota is used up", hint: fullDisk },
  EFBIG: {
    why: "it is larger than files may be here",
    hint: "see 'ulimit -f' and the disk's limit",
  },
  EIO: { why: "the disk fails", hint: failingDisk },
  EMFILE: { why: "too many files are open", hint: tooManyFiles },
  ENFILE: { why: "too many files are open", hint: tooManyFiles },
  ENOMEM: { why: "there is too little memory" },
  ENAMETOOLONG: { why: "the name is too long" },
  EINVAL: { why: "the file system does not take it" },
  EILSEQ: { why: "the file system does not take the name" },
  ENOTDIR: { why: "a folder in its path is a file" },
  EISDIR: { why: "a folder is there" },
  EEXIST: { why: "it is there already" },
  ENOTEMPTY: { why: "the folder is not empty" },
  ELOOP: { why: "links in its path lead in a circle" },
  EMLINK: { why: "the file has too many names" },
  EXDEV: { why: "it lies on another disk" },
  EBUSY: { why: "another program uses it" },
  ETXTBSY: { why: "another program runs it" },
  ESTALE: { why: "the server has lost it", hint: "run the command again" },
  ETIMEDOUT: { why: "the server does not answer", hint: "run the command again" },
};

/** Whether a call failed for want of something that has nothing to do with its path. */
export function concernsProcess({ code }: FileError): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM"].includes(code);
}

/** Why a call of the system failed, as the end of a sentence. */
export function reasonOf({ code }: FileError): string {
  return reasons[code]?.why ?? code;
}

/** The failure of a call of the system as an error of the program that names the path. */
export function fileFailure(error: FileError): LaminError {
  const { code = "failed", hint } = reasons[error.code] ?? {};
  return new LaminError(code, `cannot ${error.operation} ${error.path}: ${reasonOf(error)}`, {
    ...(hint === undefined ? {} : { hint }),
    data: { path: error.path, system: error.code },
    cause: error,
  });
}
