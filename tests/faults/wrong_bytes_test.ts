/** Verbs that deliver stored bytes, while what they read has a wrong bit or ends early. */
import assert from "node:assert/strict";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { countCalls, type Course, drive } from "./driver.ts";
import { eachCommand } from "./each_command.ts";
import type { Call, Effect } from "./fault.ts";
import type { Answer } from "./run_with_faults.ts";
import type { World } from "./world.ts";

interface Delivery {
  readonly words: readonly string[];
  /** Throws when anything wrong was delivered. */
  readonly check?: (world: World) => void;
}

const nothingThere = ({ base }: World) => {
  assert.deepEqual([...Deno.readDirSync(`${base}/other`)].map(({ name }) => name), []);
};

const deliveries: readonly Delivery[] = [
  { words: ["cat", "raw/a.csv"] },
  { words: ["cat", "raw/a.csv@0"] },
  { words: ["cat", "plate/sub/y.txt"] },
  { words: ["cat", "large.txt"] },
  { words: ["cat", "large.txt", "--json"] },
  { words: ["diff", "raw/a.csv@0", "raw/a.csv"] },
  { words: ["get", "raw/a.csv", "--to", "../other/a.csv"], check: nothingThere },
  { words: ["get", "large.txt", "--to", "../other/large.txt"], check: nothingThere },
  { words: ["get", "plate", "--to", "../other/plate"], check: nothingThere },
  { words: ["fsck", "--deep"] },
];

const all = {
  commands: deliveries,
  sample: 5,
  nameOf: ({ words }: Delivery) => words.join(" "),
};

/** What is read of objects; a work tree may hold anything, and is only compared. */
function isOfObject({ kind, path }: Call): boolean {
  if (kind === "blobRead") return true;
  return ["read", "copyFile"].includes(kind) && path.includes("/.lamindb/objects/");
}

function anyWrong(random: () => number): () => Effect {
  return () => ({ gives: random() < 0.5 ? "flipped bit" : "early end" });
}

function courseOf(seed: number, effect: Course["effect"]): Course {
  return { seed, effect, strikes: isOfObject, trials: 4 };
}

/** More than is read at a time. */
function writeLarge(world: World): void {
  world.write("large.txt", "a line of a large file\n".repeat(100_000));
}

/** Runs a delivery under a course of faults; each answer is given to `judge` with the right one. */
async function deliver(
  world: World,
  { words }: Delivery,
  course: Course,
  judge: (answer: Answer, right: Answer) => void,
): Promise<number> {
  writeLarge(world);
  await world.lamin("add", "large.txt");
  const restore = world.keep();
  const right = await world.run(words);
  const count = await countCalls(course, (calls) => world.run(words, { calls }));
  return await drive(course, count, async (calls) => {
    restore();
    judge(await world.run(words, { calls }), right);
  });
}

test("faults: wrong bytes are noticed, and never delivered whole", ownPlaces, async (t) => {
  const work = (world: World, delivery: Delivery, seed: number) =>
    deliver(world, delivery, courseOf(seed, anyWrong), (answer, right) => {
      // The end of a file may be read once more than there is something to read.
      if (answer.code === 0) return assert.equal(answer.stdout, right.stdout);
      assert.equal(answer.code, 13, answer.stderr);
      assert.match(answer.stdout + answer.stderr, /damaged|changed/);
      if (delivery.words[0] === "cat") assert.ok(answer.bytes.length < right.bytes.length);
      delivery.check?.(world);
    });
  await eachCommand(t, { ...all, work });
});

test("faults: reads that give fewer bytes than asked for are no fault", ownPlaces, async (t) => {
  const shortly: Course["effect"] = () => () => ({ gives: "short read" });
  const work = (world: World, delivery: Delivery, seed: number) => {
    const course = { ...courseOf(seed, shortly), strikes: ({ kind }: Call) => kind === "read" };
    return deliver(world, delivery, course, (answer, right) => {
      assert.deepEqual([answer.code, answer.stdout], [right.code, right.stdout], answer.stderr);
    });
  };
  await eachCommand(t, { ...all, work });
});
