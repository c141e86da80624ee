import { requireReason } from "./calm.ts";
import type { Call, CallKind, FaultyCalls } from "./fault.ts";
import type { Answer } from "./run_with_faults.ts";

/** What disturbs a command, and what has to be said of it. */
export interface Disturbance {
  /** Runs the command while it is disturbed. */
  run(command: (calls?: FaultyCalls) => Promise<Answer>): Promise<Answer>;
  /**
   * Throws unless a command that failed says why. `others` are exit codes of verbs that go on with
   * what is not disturbed.
   */
  requireReason(answer: Answer, others: readonly number[]): void;
  /** Whether clearing away was disturbed too, so that something may be left about. */
  mayLeave(): boolean;
}

/** By which what was left over is found and put away. */
const clearing: ReadonlySet<CallKind> = new Set(["remove", "rename", "readDirectory"]);

function isClearing({ kind, path }: Call): boolean {
  return clearing.has(kind) || (kind === "blob" && path.includes("/staging/"));
}

/** Calls that go wrong as planned. */
export function failingCalls(calls: FaultyCalls): Disturbance {
  return {
    run: (command) => command(calls),
    requireReason: (answer, others) => requireReason(answer, calls, others),
    mayLeave: () => calls.struck.length > 1 || calls.struck.some(isClearing),
  };
}
