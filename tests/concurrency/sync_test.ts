/** Instances that bring each other what they have while others work in them. */

import assert from "node:assert/strict";
import { denoHost } from "../../store/host/deno.ts";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { watchedHost } from "../crash/seam.ts";
import { command, denoFolder, withWorkspace } from "../lamin.ts";
import { rounds } from "../soak.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite, storageRootOf, testEnvironment } from "../test_database.ts";
import { runOn } from "./meanwhile.ts";
import { watchedStores } from "./watched_stores.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function programIn({ root, home }: Atlas, words: readonly string[]): Deno.Command {
  const { program, args } = command();
  return new Deno.Command(program, {
    args: [...args, ...words],
    cwd: root,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      DENO_DIR: denoFolder(),
      NO_COLOR: "1",
      ...testEnvironment,
    },
    stdin: "null",
  });
}

function endedWith({ code, stdout, stderr }: Deno.CommandOutput): Ended {
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the program as a process of its own. */
async function process(atlas: Atlas, ...words: readonly string[]): Promise<Ended> {
  return endedWith(await programIn(atlas, words).output());
}

/** The same, while nothing else happens in this process. */
function processMeanwhile(atlas: Atlas, ...words: readonly string[]): Ended {
  return endedWith(programIn(atlas, words).outputSync());
}

function expectAll(ended: readonly Ended[]): void {
  for (const { code, stderr } of ended) assert.equal(code, 0, stderr);
}

function fill({ write }: Atlas, folder: string): void {
  for (let file = 0; file < 20; file++) write(`${folder}/${file}.txt`, `${folder} ${file}\n`);
  write(`${folder}/set.zarr/0`, `${folder}\n`);
}

/** Artifacts in a folder that `fill` filled. */
const filled = 21;

async function withTwo(work: (here: Atlas, lab: Atlas) => Promise<void>): Promise<void> {
  await withWorkspace(async ({ root, home }) => {
    const [here, lab] = [atlasAt(root, home), atlasAt(`${root}-lab`, home)];
    Deno.mkdirSync(lab.root);
    fill(lab, "lab");
    for (const atlas of [here, lab]) await atlas.lamin("init");
    await lab.lamin("add", "lab");
    await here.lamin("remote", "add", "lab", lab.root);
    await work(here, lab);
  });
}

/** Lets something happen once, when all that a folder was filled with is stored in an instance. */
function whenStored({ root }: Atlas, what: () => void) {
  let named = 0;
  let isDone = false;
  const look = () => {
    if (named < filled || isDone) return;
    isDone = true;
    what();
  };
  const host = watchedHost(denoHost(), {
    after: ({ kind, path }) => {
      if (kind === "rename" && path.startsWith(`${root}/.lamindb/objects/`)) named++;
      look();
    },
  });
  const stores = watchedStores({
    after: (call) => {
      if (call.root !== storageRootOf(root)) return;
      if (call.kind === "name") named++;
      if (call.kind === "publish") look();
    },
  });
  return {
    run: (atlas: Atlas, words: readonly string[]) => runOn(host, atlas, words, { stores }),
  };
}

async function checkSound(...atlases: readonly Atlas[]): Promise<void> {
  for (const atlas of atlases) assert.deepEqual(await atlas.json("fsck", "--deep"), []);
}

async function countOf(atlas: Atlas): Promise<number> {
  return (await atlas.json("list", "artifact", "--limit", "0")).length;
}

Deno.test("pull: while files are added on both sides, nothing is lost", async () => {
  await withTwo(async (here, lab) => {
    let expected = filled;
    for (let round = 0; round < rounds(1, 20); round++) {
      for (const atlas of [here, lab]) fill(atlas, `round${round}-${atlas === lab}`);
      expected += 2 * filled;
      expectAll(
        await Promise.all([
          process(here, "pull", "lab", "--data", "all"),
          process(here, "add", `round${round}-false`),
          process(lab, "add", `round${round}-true`),
        ]),
      );
      await here.lamin("pull", "lab", "--data", "all");
      assert.equal(await countOf(here), expected);
      await checkSound(here, lab);
    }
    await here.lamin("push", "lab");
    assert.deepEqual(await digestsOf(lab), await digestsOf(here));
  });
});

Deno.test("pull: what is added when all bytes came has its bytes too", async () => {
  await withTwo(async (here, lab) => {
    fill(lab, "late");
    const additions: Ended[] = [];
    const watcher = whenStored(here, () => additions.push(processMeanwhile(lab, "add", "late")));
    const { code, stderr } = await watcher.run(here, ["pull", "lab", "--data", "all"]);
    assert.equal(code, 0, stderr);
    assert.equal(additions.length, 1);
    expectAll(additions);
    assert.equal(await countOf(here), 2 * filled);
    await checkSound(here, lab);
  });
});

Deno.test("pull: two at once into one instance bring everything once", async () => {
  await withTwo(async (here, lab) => {
    for (let round = 0; round < rounds(1, 20); round++) {
      expectAll(
        await Promise.all([
          process(here, "pull", "lab", "--data", "all"),
          process(here, "pull", "lab", "--data", "all"),
        ]),
      );
      assert.equal(await countOf(here), filled * (round + 1));
      assert.deepEqual(await digestsOf(here), await digestsOf(lab));
      await checkSound(here, lab);
      fill(lab, `round${round}`);
      await lab.lamin("add", `round${round}`);
    }
  });
});

Deno.test("push: what was sent is left by a collection until its rows came", async () => {
  await withTwo(async (here, lab) => {
    fill(here, "own");
    await here.lamin("add", "own");
    const collections: Ended[] = [];
    // All have their names, and no row speaks of them.
    const watcher = whenStored(
      lab,
      () => collections.push(processMeanwhile(lab, "gc", "--apply", "--grace", "0")),
    );
    const { code, stdout, stderr } = await watcher.run(here, ["push", "lab", "--json"]);
    assert.deepEqual([code, JSON.parse(stdout).lacking], [0, []], stderr);
    assert.equal(collections.length, 1);
    expectAll(collections);
    assert.equal(await countOf(lab), 2 * filled);
    await checkSound(here, lab);
  });
});

test(
  "clone: who reads it meanwhile sees nothing, or all of it",
  onlySqlite ?? onlyLocal,
  async () => {
    await withTwo(async (here, lab) => {
      const clone = atlasAt(`${here.root}-clone`, here.home);
      Deno.mkdirSync(clone.root);
      const seen: Ended[] = [];
      let steps = 0;
      const host = watchedHost(denoHost(), {
        before: ({ path }) => {
          if (!path.startsWith(clone.root) || steps++ % 15 !== 0) return;
          seen.push(processMeanwhile(clone, "list", "artifact", "--json"));
        },
      });
      const words = ["clone", lab.root, ".", "--data", "all"];
      const { code, stderr } = await runOn(host, clone, words);
      assert.equal(code, 0, stderr);
      assert.ok(seen.length > 2, "somebody looked");
      for (const { code, stdout, stderr } of seen) {
        assert.ok(code === 0 || code === 10, `${code} ${stderr}`);
        assert.ok([0, filled].includes(stdout.split("\n").filter(Boolean).length), stdout);
      }
      assert.deepEqual(await digestsOf(clone), await digestsOf(lab));
      await checkSound(clone, lab);
    });
  },
);
