/** One bad place on a disk must not hide what else is wrong. */
import assert from "node:assert/strict";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { countCalls, type Course, drive } from "./driver.ts";
import { eachCommand } from "./each_command.ts";

function badPlaces(seed: number, code: string): Course {
  return {
    seed,
    effect: () => () => ({ fails: code }),
    lasts: false,
    strikes: ({ kind, path }) =>
      ["stat", "readDirectory", "open", "read"].includes(kind) &&
      path.includes("/.lamindb/objects"),
    trials: 5,
  };
}

const all = {
  commands: [["fsck"], ["fsck", "--deep"]],
  nameOf: (words: readonly string[]) => words.join(" "),
};

test("faults: fsck goes on where something cannot be read, and tells it", ownPlaces, async (t) => {
  await eachCommand(t, {
    ...all,
    work: async (world, words, seed) => {
      const course = badPlaces(seed, "EIO");
      const count = await countCalls(course, (calls) => world.run(words, { calls }));
      return await drive(course, count, async (calls) => {
        const { code, stdout, stderr } = await world.run(words, { calls });
        if (calls.struck.length === 0) return;
        assert.equal(code, 13, stdout + stderr);
        assert.match(stdout, /^ {2}unreadable .*it cannot be read: the disk fails/m);
        assert.match(stdout, /^7 artifacts (read|looked at), 1 fault/m);
      });
    },
  });
});

test("faults: fsck calls nothing damaged because of too many open files", ownPlaces, async (t) => {
  await eachCommand(t, {
    ...all,
    work: async (world, words, seed) => {
      const course = { ...badPlaces(seed, "EMFILE"), trials: 3 };
      const count = await countCalls(course, (calls) => world.run(words, { calls }));
      return await drive(course, count, async (calls) => {
        const { code, stdout, stderr } = await world.run(words, { calls });
        if (calls.struck.length === 0) return;
        assert.deepEqual([code, stdout], [1, ""], stderr);
        assert.match(stderr, /too many files are open/);
      });
    },
  });
});
