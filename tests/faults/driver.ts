import { random } from "../seed.ts";
import { soak } from "../soak.ts";
import { type Call, describe, type Effect, FaultyCalls } from "./fault.ts";

export interface Course {
  readonly seed: number;
  /** What happens to the call that is struck. */
  readonly effect: (random: () => number) => (call: Call) => Effect;
  /** Whether a fault strikes later calls of its kind too; by chance without this. */
  readonly lasts?: boolean;
  /** Which calls can be struck. */
  readonly strikes: (call: Call) => boolean;
  /** About how many trials there are in the short form. */
  readonly trials: number;
}

/** Most trials of a command: making a database takes a thousand statements that are alike. */
const trialsMax = 100;

/** How many of the calls of some work a course can strike. */
export async function countCalls(
  { strikes, effect }: Course,
  work: (calls: FaultyCalls) => Promise<unknown>,
): Promise<number> {
  const calls = new FaultyCalls({ effect: effect(() => 0), at: Infinity, lasts: false, strikes });
  await work(calls);
  return calls.calls.length;
}

/**
 * Tries a command with the fault at its first call, the next one and so on, until one passes
 * without having been struck; `count` is how many calls it has. In the short form most of them are
 * passed over, by the seed. Returns how many trials were struck.
 */
export async function drive(
  course: Course,
  count: number,
  trial: (calls: FaultyCalls) => Promise<void>,
): Promise<number> {
  const next = random(course.seed);
  const stride = count / course.trials;
  const step = () =>
    soak ? Math.max(1, Math.ceil(count / trialsMax)) : Math.max(1, Math.round(2 * stride * next()));
  let struck = 0;
  for (let at = step() - 1;; at += step()) {
    const calls = await attempt(course, at, next, trial);
    if (calls.struck.length === 0) return struck;
    struck++;
  }
}

async function attempt(
  { effect, strikes, lasts }: Course,
  at: number,
  next: () => number,
  trial: (calls: FaultyCalls) => Promise<void>,
): Promise<FaultyCalls> {
  const isLasting = lasts ?? next() < 0.5;
  const fault = { effect: effect(next), at, lasts: isLasting, random: next, strikes };
  const calls = new FaultyCalls(fault);
  try {
    await trial(calls);
    return calls;
  } catch (error) {
    throw new Error(`${describe(calls)} (${isLasting ? "for good" : "once"})`, { cause: error });
  }
}
