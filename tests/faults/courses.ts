import { anyFailure } from "./codes.ts";
import type { Course } from "./driver.ts";
import type { Call, CallKind } from "./fault.ts";

const aboveSystem: ReadonlySet<CallKind> = new Set(["statement", "blob", "blobRead"]);

/** Failures of calls of the system. */
export function systemFailures(seed: number, trials: number): Course {
  return { seed, effect: anyFailure, strikes: ({ kind }) => !aboveSystem.has(kind), trials };
}

/** Failures of the store of blobs. */
export function storeFailures(seed: number, trials: number): Course {
  const strikes = ({ kind }: Call) => kind === "blob" || kind === "blobRead";
  return { seed, effect: anyFailure, strikes, trials };
}

/** Failures of statements of the database. */
export function databaseFailures(seed: number, trials: number): Course {
  return { seed, effect: anyFailure, strikes: ({ kind }) => kind === "statement", trials };
}

/** Calls of the system that a signal interrupts once. */
export function interruptions(seed: number, trials: number): Course {
  const { strikes } = systemFailures(seed, trials);
  return { seed, effect: () => () => ({ fails: "EINTR" }), lasts: false, strikes, trials };
}
