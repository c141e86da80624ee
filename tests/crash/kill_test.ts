/** The real program, killed at moments that chance chooses. */
import assert from "node:assert/strict";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { withWorkspace } from "../lamin.ts";
import { random, seeded } from "../seed.ts";
import { rounds } from "../soak.ts";
import { killed } from "./kill.ts";
import { filesBelow } from "./look.ts";

/** How long a command takes here when it is left alone: later than that nothing can be killed. */
async function wholeMsOf(atlas: Atlas): Promise<number> {
  fill(atlas, -1);
  const startMs = performance.now();
  await killed(atlas, ["add", "raw"], "SIGKILL", patienceMs);
  const wholeMs = performance.now() - startMs;
  await atlas.lamin("undo");
  return wholeMs;
}

/** Longer than any of these commands takes. */
const patienceMs = 60_000;

/** Commands, each of which changes what the one before left; whichever of them did anything. */
function mix(round: number): string[][] {
  return [
    ["add", "raw"],
    ["mv", "raw/", `moved${round}/`],
    ["add", "raw"],
    ["rm", "-r", `moved${round}/`],
    ["restore", `moved${round}/raw/f1.csv`],
    ["undo"],
    ["get", "--force", "raw/"],
    ["rm", "--permanent", "--force", "raw/f2.csv"],
    ["gc", "--apply", "--grace", "0"],
    ["fsck", "--deep", "--repair"],
  ];
}

Deno.test("whenever any command is killed, the next ones work and nothing is lost", async () => {
  await seeded((seed) =>
    withWorkspace(async ({ root, home }) => {
      const atlas = atlasAt(root, home);
      const chance = random(seed);
      await atlas.lamin("init");
      const wholeMs = await wholeMsOf(atlas);
      let count = 0;
      for (let round = 0; round < rounds(1, 40); round++) {
        for (const words of mix(round)) {
          if (words[0] === "add") fill(atlas, round);
          const before = Object.keys(filesBelow(root, "")).length;
          const { signal } = await killed(atlas, words, "SIGKILL", chance() * wholeMs);
          if (signal !== null) count++;
          await checkSound(atlas, `${words.join(" ")}, round ${round}`);
          if (words[0] === "get") continue;
          assert.equal(Object.keys(filesBelow(root, "")).length, before, "files of the user's");
        }
      }
      assert.ok(count > 0, "none was killed");
      await checkEnd(atlas);
    })
  );
});

function fill(atlas: Atlas, round: number): void {
  for (let file = 0; file < 12; file++) atlas.write(`raw/f${file}.csv`, `${round} ${file}\n`);
  atlas.write("raw/set.zarr/0", `${round}\n`);
  atlas.write("raw/set.zarr/same", "same\n");
}

/** Signals that ask a program to end, with the exit code that a shell tells for them. */
const polite = [["SIGINT", 130], ["SIGTERM", 143]] as const;

/** Before this the runtime itself has hardly begun. */
const earliestMs = 50;

/** A person waits for it; generous, since other tests run beside. */
const promptMs = 10_000;

Deno.test("SIGINT and SIGTERM end a command at once, and leave the old state or the new one", async () => {
  await seeded((seed) =>
    withWorkspace(async ({ root, home }) => {
      const atlas = atlasAt(root, home);
      const chance = random(seed);
      await atlas.lamin("init");
      const wholeMs = await wholeMsOf(atlas);
      let count = 0;
      for (let round = 0; round < rounds(2, 40); round++) {
        for (const [signal, code] of polite) {
          fill(atlas, round);
          const ended = await killed(
            atlas,
            ["add", "raw"],
            signal,
            earliestMs + chance() * (wholeMs - earliestMs),
          );
          const isWhole = ended.code === 0;
          if (!isWhole) count++;
          assert.ok(isWhole || ended.code === code, `${signal}: ${ended.code} ${ended.stderr}`);
          assert.ok(ended.lingeredMs < promptMs, `${ended.lingeredMs} ms after ${signal}`);
          await checkSound(atlas, `${signal}, round ${round}`);
          const { length } = await atlas.json("list", "artifact", "--limit", "0");
          assert.ok([0, 13].includes(length), `${length} of 13 artifacts`);
        }
      }
      assert.ok(count > 0, "none was ended");
      await checkEnd(atlas);
    })
  );
});

async function checkSound(atlas: Atlas, what: string): Promise<void> {
  const { code, stderr } = await atlas.run("status");
  assert.equal(code, 0, `status after ${what}: ${stderr}`);
  const checked = await atlas.run("fsck", "--deep");
  assert.equal(checked.code, 0, `fsck after ${what}: ${checked.stdout}${checked.stderr}`);
}

/** Commands that are left alone do their work, and nothing of the dead ones is left. */
async function checkEnd(atlas: Atlas): Promise<void> {
  fill(atlas, 1000);
  await atlas.lamin("add", "raw");
  assert.deepEqual(await atlas.json("status", "raw"), []);
  atlas.remove("raw");
  await atlas.lamin("get", "raw/");
  assert.equal(atlas.read("raw/f3.csv"), "1000 3\n");
  await atlas.lamin("gc", "--apply", "--grace", "0");
  await atlas.lamin("fsck", "--repair");
  assert.deepEqual(await atlas.json("fsck", "--deep"), []);
  const names = [...Deno.readDirSync(`${atlas.root}/raw`)].map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name.startsWith(".")), []);
}
