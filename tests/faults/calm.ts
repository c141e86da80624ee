import assert from "node:assert/strict";
import { meaningOf } from "./codes.ts";
import type { Call, FaultyCalls } from "./fault.ts";
import type { Answer } from "./run_with_faults.ts";

/** Most lines of an answer that is no list: a sentence, what to do, and remarks. */
const linesMax = 6;

/** Throws unless a command that failed says so in a sentence and says nothing of its inside. */
export function requireCalm({ code, stdout, stderr }: Answer): void {
  assert.doesNotMatch(stderr, /this should not happen|\n {4}at |Error:|undefined|\[object/);
  assert.ok(stderr.split("\n").length <= linesMax, stderr);
  if (code !== 0) assert.match(stdout + stderr, /\S/);
}

/**
 * Throws unless a command that failed says why the call was struck, where, and ends with the exit
 * code of that. `others` are exit codes of verbs that go on with what is not struck.
 */
export function requireReason(answer: Answer, calls: FaultyCalls, others: readonly number[]): void {
  const { struck, effect } = calls;
  if (effect === undefined || !("fails" in effect)) return;
  assert.notEqual(effect.fails, "EINTR", `an interruption was noticed: ${answer.stderr}`);
  const { sentence, exitCode } = meaningOf(effect.fails);
  const said = answer.stdout + answer.stderr;
  if (answer.code !== exitCode && others.includes(answer.code)) {
    // Damage that is listed is a reason of its own, and so is what `get` keeps.
    if (answer.code !== 13 && !/skipped: /.test(said)) assert.match(said, sentence);
    return;
  }
  assert.match(said, sentence);
  assert.equal(answer.code, exitCode, said);
  if (effect.fails === "SQLITE_BUSY") return;
  assert.ok(struck.some((call) => said.includes(nameIn(call))), `it does not say where: ${said}`);
}

/** The last part of a path: what is named may be named by a shorter path too. */
function nameIn({ kind, path }: Call): string {
  if (kind === "statement") return ".db";
  if (kind === "copyFile") return "cannot copy"; // and to where
  return path.split("/").at(-1)!.replace(/\.db-locks$/, ".db");
}
