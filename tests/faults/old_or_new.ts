import assert from "node:assert/strict";
import { requireCalm } from "./calm.ts";
import type { Disturbance } from "./disturbance.ts";
import type { FaultyCalls } from "./fault.ts";
import { requireNothingLost } from "./nothing_lost.ts";
import { requireSameRows, type State } from "./state.ts";
import type { Answer } from "./run_with_faults.ts";
import type { World } from "./world.ts";
import type { WritingCommand } from "./writing_commands.ts";

/**
 * Trials of a command that is disturbed. One throws unless the command that fails says why, what is
 * there is the old or the new, nothing was lost, and the same command then passes, or was done.
 */
export class OldOrNew {
  private constructor(
    private readonly world: World,
    private readonly command: WritingCommand,
    private readonly restore: () => void,
    private readonly before: State,
    private readonly after: State,
    private readonly soundBefore: boolean,
  ) {}

  /**
   * Learns what the command starts from, which is what is there now and what it prepares, and what
   * it comes to when nothing fails.
   */
  static async of(world: World, command: WritingCommand): Promise<OldOrNew> {
    await command.prepare?.(world);
    const restore = world.keep();
    const before = world.state();
    const soundBefore = (await check(world)).code === 0;
    const right = await run(world, command);
    assert.equal(right.code, 0, right.stderr);
    const after = world.state();
    assert.notDeepEqual(after, before, "it changes nothing");
    return new OldOrNew(world, command, restore, before, after, soundBefore);
  }

  /** Runs the command undisturbed from where it starts. */
  async run(calls: FaultyCalls): Promise<Answer> {
    this.restore();
    return await run(this.world, this.command, calls);
  }

  async try(disturbance: Disturbance): Promise<void> {
    this.restore();
    const answer = await disturbance.run((calls) => run(this.world, this.command, calls));
    requireCalm(answer);
    if (answer.code !== 0) disturbance.requireReason(answer, this.command.partly ?? []);
    const now = this.world.state();
    const isPart = answer.code !== 0 && /not added: |^ {2}unreadable /m.test(saidBy(answer));
    if (now.rows !== this.before.rows && !isPart) requireSameRows(now.rows, this.after.rows);
    const course = { before: this.before, after: this.after, now };
    const isAtEnd = isUnfinished(now) && this.#isDone(now);
    requireNothingLost(course, isAtEnd || disturbance.mayLeave());
    if (answer.code !== 0 && isUnfinished(now)) return;
    const isDone = this.#isDone(now) && !isPart;
    await this.#requireSound(isDone);
    if (answer.code === 0) assert.ok(isDone, `it passed without being done: ${answer.stderr}`);
    else if (!isDone) await this.#requireSecondTry(isPart);
  }

  #isDone(now: State): boolean {
    if (this.after.rows !== this.before.rows) return now.rows !== this.before.rows;
    return [...this.after.files].every(([path, content]) => now.files.get(path) === content);
  }

  async #requireSound(isDone: boolean): Promise<void> {
    const { code, stdout, stderr } = await check(this.world);
    if (this.soundBefore || isDone) assert.equal(code, 0, stdout + stderr);
  }

  /** The rest of a part is a second operation, so that only what was added is the same. */
  async #requireSecondTry(isPart: boolean): Promise<void> {
    const { code, stderr } = await run(this.world, this.command);
    assert.equal(code, 0, `the same command again: ${stderr}`);
    await this.#requireSound(true);
    const now = this.world.state();
    // Bytes that the first try mended are no second operation.
    if (!this.soundBefore && now.rows === this.before.rows) return;
    if (isPart) assert.deepEqual(artifactsIn(now), artifactsIn(this.after));
    else requireSameRows(now.rows, this.after.rows);
    for (const [path, content] of this.after.files) {
      assert.equal(now.files.get(path), content, path);
    }
  }
}

/**
 * Whether `init` left the second name of a database that it could not remove. It goes on there when
 * the process that made it is dead, and that one is ours.
 */
function isUnfinished({ stored }: State): boolean {
  return [...stored.keys()].some((path) => /\/new-[\w-]+\.db$/.test(path));
}

function saidBy({ stdout, stderr }: Answer): string {
  return stdout + stderr;
}

/** Keys and hashes of all versions. */
function artifactsIn({ rows }: State): string[] {
  return [...rows.matchAll(/^lamindb_artifact .*"key":("[^"]*").*"hash":("[^"]*")/gm)]
    .map(([, key, hash]) => `${key} ${hash}`).sort();
}

function run(world: World, command: WritingCommand, calls?: FaultyCalls): Promise<Answer> {
  const { words, input, folder } = command;
  return world.run(words, {
    ...(calls === undefined ? {} : { calls }),
    ...(input === undefined ? {} : { input }),
    ...(folder === undefined ? {} : { folder }),
  });
}

function check(world: World): Promise<Answer> {
  return world.run(["fsck", "--deep"]);
}
