/** What `add` stores while what it reads has a wrong bit, ends early, or comes in small pieces. */
import assert from "node:assert/strict";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { countCalls, type Course, drive } from "./driver.ts";
import { eachCommand } from "./each_command.ts";
import type { Effect, FaultyCalls } from "./fault.ts";
import type { World } from "./world.ts";

interface Addition {
  readonly words: readonly string[];
  readonly input?: string;
  /** Whether the store has its own copy of what was hashed. */
  readonly isCopied: boolean;
}

/** More than `add` holds in memory. */
const largeText = "a line of a large file\n".repeat(200_000);

const additions: readonly Addition[] = [
  { words: ["add", "new.csv"], isCopied: true },
  { words: ["add", "screen", "--as", "folder"], isCopied: true },
  { words: ["add", "-", "--key", "piped.csv"], input: "a,b\n3,4\n", isCopied: true },
  { words: ["add", "large.txt"], isCopied: true },
  { words: ["add", "new.csv", "--link"], isCopied: false },
  { words: ["add", "new.csv", "--no-copy"], isCopied: false },
];

const effects: readonly Effect[] = [
  { gives: "flipped bit" },
  { gives: "early end" },
  { gives: "short read" },
];

function prepare(world: World): void {
  world.write("new.csv", "a,b\n1,2\n");
  world.write("screen/1.txt", "one\n");
  world.write("screen/deep/2.txt", "two\n");
  world.write("large.txt", largeText);
}

test("faults: what add records is what it stored, whatever it read", ownPlaces, async (t) => {
  const work = async (world: World, addition: Addition, seed: number) => {
    const { words, input } = addition;
    prepare(world);
    const restore = world.keep();
    const run = (calls: FaultyCalls) =>
      world.run(words, { calls, ...(input === undefined ? {} : { input }) });
    const course: Course = {
      seed,
      effect: (random) => () => effects[Math.floor(random() * effects.length)]!,
      strikes: ({ kind, path }) =>
        (kind === "read" || kind === "copyFile") && path.startsWith(`${world.base}/atlas/`) &&
        !path.endsWith("storage_uid.txt"),
      trials: 4,
    };
    const count = await countCalls(course, run);
    return await drive(course, count, async (calls) => {
      restore();
      const { code, stderr } = await run(calls);
      if (code !== 0) assert.match(stderr, /changed while it was|became shorter/);
      const check = await world.run(["fsck", "--deep"]);
      const isOfSource = calls.struck.every(({ path }) => !path.includes("/staging/"));
      if (addition.isCopied && isOfSource) assert.equal(check.code, 0, check.stdout);
      // What is hashed once, after it was stored, may be hashed wrongly: then it is found out.
      else if (check.code !== 0) {
        assert.match(check.stdout, /damaged +\S+\.(csv|txt)|damaged +screen/);
      }
    });
  };
  await eachCommand(t, { commands: additions, nameOf: ({ words }) => words.join(" "), work });
});
