import type { ErrorCode } from "../store/errors.ts";

/** Exit codes of every verb. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  different: 3,
  noInstance: 10,
  busy: 11,
  denied: 12,
  damaged: 13,
  schemaUnknown: 14,
  /** As shells say that a program cannot be run, or is missing. */
  notRunnable: 126,
  noProgram: 127,
} as const;

/** What each exit code means, as `--help` prints it. */
export const exitCodeMeanings: Readonly<Record<number, string>> = {
  [exitCode.ok]: "done",
  [exitCode.failed]: "failed, or a name was not found",
  [exitCode.usage]: "the words of the command are off",
  [exitCode.different]: "differences (with --exit-code) or conflicts were found",
  [exitCode.noInstance]: "no instance here",
  [exitCode.busy]: "another process holds the instance",
  [exitCode.denied]: "not allowed",
  [exitCode.damaged]: "bytes are missing or damaged",
  [exitCode.schemaUnknown]: "the database is newer or older than this program knows",
  [exitCode.notRunnable]: "the command cannot be run",
  [exitCode.noProgram]: "there is no such command",
};

const exitCodeOfError: Readonly<Record<ErrorCode, number>> = {
  failed: exitCode.failed,
  usage: exitCode.usage,
  not_found: exitCode.failed,
  ambiguous: exitCode.usage,
  conflict: exitCode.failed,
  no_instance: exitCode.noInstance,
  busy: exitCode.busy,
  denied: exitCode.denied,
  not_fetched: exitCode.failed,
  damaged: exitCode.damaged,
  schema_unknown: exitCode.schemaUnknown,
};

/** What any instance may answer that is opened: its database is held, forbidden or damaged. */
const ofInstances = [exitCode.busy, exitCode.denied, exitCode.damaged];

/** The exit codes of a verb, in order, of which it names those that not every verb has. */
export function documentedCodes(own: readonly number[] = []): number[] {
  const opens = own.includes(exitCode.noInstance);
  const codes = [exitCode.ok, exitCode.failed, exitCode.usage, ...own, ...opens ? ofInstances : []];
  return [...new Set(codes)].sort((a, b) => a - b);
}

/** The exit code that an error leads to. */
export function exitCodeFor(code: ErrorCode): number {
  return exitCodeOfError[code];
}
