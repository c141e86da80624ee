import assert from "node:assert/strict";
import { soak } from "../soak.ts";
import { putObject, type RemoteAtlas, withRemoteAtlas } from "../cli/remote_atlas.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

interface Command {
  readonly words: readonly string[];
  readonly prepare?: (atlas: RemoteAtlas) => Promise<void> | void;
}

/** Everything that asks a server while it changes something. */
const commands: readonly Command[] = [
  {
    words: ["add", "new"],
    prepare: ({ write }) => ["a", "b", "c"].forEach((name) => write(`new/${name}.txt`, name)),
  },
  { words: ["add", "plate"], prepare: ({ write }) => write("plate/y.txt", "another y\n") },
  { words: ["add", "s3://data/set/"], prepare: fillBucket },
  { words: ["add", "s3://data/set/", "--as", "folder", "--key", "set"], prepare: fillBucket },
  { words: ["get", "raw", "plate"], prepare: ({ remove }) => ["raw", "plate"].forEach(remove) },
  { words: ["rm", "raw/a.csv", "--files"] },
  { words: ["mv", "plate", "dish"] },
  {
    words: ["gc", "--apply", "--grace", "0"],
    prepare: async ({ lamin }) => void await lamin("rm", "raw/b.csv", "--permanent", "--force"),
  },
  {
    words: ["undo"],
    prepare: async ({ lamin }) => void await lamin("rm", "raw/b.csv", "--permanent", "--force"),
  },
];

function fillBucket(atlas: RemoteAtlas): void {
  putObject(atlas, "data/set/x.csv", "x\n");
  putObject(atlas, "data/set/y.csv", "y\n");
}

/** Most requests of a command that are made to fail, one by one. */
const requestsMax = soak ? 50 : 6;

test(
  "faults: a request that fails at any moment leaves the old state or the new one",
  ownPlaces,
  async (t) => {
    let struck = 0;
    for (const { words, prepare } of commands) {
      await t.step(words.join(" "), async () => {
        for (let passing = 0; passing < requestsMax; passing++) {
          const isOver = await withFault(words, prepare, passing);
          if (isOver) break;
          struck++;
        }
      });
    }
    assert.ok(struck > commands.length, `${struck} requests failed`);
  },
);

/** Whether the command made no more requests than `passing`. */
async function withFault(
  words: readonly string[],
  prepare: Command["prepare"],
  passing: number,
): Promise<boolean> {
  let isOver = false;
  await withRemoteAtlas(async (atlas) => {
    const { write, lamin, run, server } = atlas;
    write("raw/a.csv", "x\n1\n");
    write("raw/b.csv", "x\n2\n");
    write("plate/x.txt", "x\n");
    write("plate/y.txt", "y\n");
    await lamin("add", "raw");
    await lamin("add", "plate", "--as", "folder");
    await prepare?.(atlas);
    server.passing = passing;
    const said = await run(...words);
    isOver = server.passing >= 0;
    delete server.passing;
    const about = `${words.join(" ")} after ${passing}: ${said.stderr}`;
    if (isOver) assert.equal(said.code, 0, about);
    else if (said.code !== 0) assert.match(said.stderr, /the connection was lost/, about);
    const deep = await run("fsck", "--deep");
    assert.equal(deep.code, 0, `${about}\n${deep.stdout}`);
    const again = await run(...words);
    // What was done already may be said to be.
    if (said.code !== 0) assert.equal(again.code, 0, `${about}\nagain: ${again.stderr}`);
    assert.equal((await run("fsck", "--deep")).code, 0, about);
  });
  return isOver;
}
