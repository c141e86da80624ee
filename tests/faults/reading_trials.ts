import assert from "node:assert/strict";
import { requireCalm, requireReason } from "./calm.ts";
import { countCalls, type Course, drive } from "./driver.ts";
import type { FaultyCalls } from "./fault.ts";
import type { Answer } from "./run_with_faults.ts";
import type { World } from "./world.ts";

/** Verbs that go on without what cannot be looked at, and say so by these exit codes. */
const partly: Readonly<Record<string, readonly number[]>> = {
  fsck: [13],
  get: [1, 12, 13],
  add: [1],
};

/**
 * Tries a command that only reads under faults. It throws unless each answer is right or says what
 * failed, nothing changes, and the command then passes. Returns how many trials were struck.
 */
export async function readUnderFaults(
  world: World,
  words: readonly string[],
  course: Course,
): Promise<number> {
  const right = await world.run(words);
  assert.equal(right.code, 0, right.stderr);
  const before = world.state();
  const count = await countCalls(course, (calls) => world.run(words, { calls }));
  const struck = await drive(course, count, async (calls) => {
    const answer = await world.run(words, { calls });
    requireCalm(answer);
    if (answer.code !== 0) requireReason(answer, calls, partly[words[0]!] ?? []);
    else if (isInterruption(calls)) assert.deepEqual(answer, right);
    else if (told(answer) !== told(right)) assert.match(answer.stderr, /\S/, answer.stdout);
  });
  assert.deepEqual(world.state(), before, "a verb that reads changed something");
  assert.deepEqual(await world.run(words), right, "the next command works");
  return struck;
}

/** A database that is read without its log says that it has none. */
function told({ stdout }: Answer): string {
  return stdout.replace(/journal \w+/, "journal");
}

function isInterruption({ effect }: FaultyCalls): boolean {
  return effect !== undefined && "fails" in effect && effect.fails === "EINTR";
}
