import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "./atlas.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { notesFolder, onlySqlite } from "../test_database.ts";
import { say } from "./in_process.ts";

/** An instance with versions of `m.txt`, of which those from `firstBad` on have a bug. */
async function withVersions(
  count: number,
  firstBad: number,
  work: (atlas: Atlas) => Promise<void>,
): Promise<void> {
  await withAtlas(async (atlas) => {
    for (let index = 0; index < count; index++) {
      atlas.write("m.txt", `version ${index}${index < firstBad ? "" : ", a bug"}\n`);
      await atlas.lamin("add", "m.txt");
    }
    await work(atlas);
  });
}

function isBad(text: string): boolean {
  return text.includes("bug");
}

Deno.test("bisect: good and bad lead to the first bad version, reset back", async () => {
  await withVersions(7, 4, async (atlas) => {
    const before = atlas.read("m.txt");
    let [progress] = await atlas.json("bisect", "start", "m.txt");
    let tests = 0;
    while (progress.first_bad === null) {
      assert.equal(progress.path, atlas.path("m.txt"));
      assert.ok(atlas.read("m.txt").startsWith(`version ${Number(progress.test.version)}`));
      assert.deepEqual(await atlas.json("bisect"), [progress], "asking changes nothing");
      [progress] = await atlas.json("bisect", isBad(atlas.read("m.txt")) ? "bad" : "good");
      tests++;
    }
    assert.deepEqual([progress.first_bad.version, progress.good.version], ["0004", "0003"]);
    assert.ok(tests <= 3, `${tests} tests`);
    await atlas.lamin("bisect", "reset");
    assert.equal(atlas.read("m.txt"), before);
    assert.match(await atlas.lamin("status"), /Nothing changed/);
    const none = await atlas.run("bisect", "good");
    assert.deepEqual([none.code, none.stdout], [1, ""]);
    assert.match(none.stderr, /no bisect is under way here/);
  });
});

Deno.test("bisect run: exit codes are verdicts, and the version is where it is told", async () => {
  await withVersions(12, 9, async (atlas) => {
    await atlas.lamin("bisect", "start", "m.txt", "--good", "1", "--to", "scratch/probe.txt");
    const probe = atlas.path("scratch/probe.txt");
    const script = `echo tested; grep -q 'version 6' ${probe} && exit 125
      cmp -s ${probe} "$LAMIN_BISECT_PATH" || exit 200; ! grep -q bug ${probe}`;
    const said = await atlas.run("bisect", "run", "--", "sh", "-c", script);
    assert.equal(said.code, 0, said.stderr);
    assert.match(said.stdout, /^0009 is the first bad version of m.txt, 0008 was good/);
    assert.match(said.stderr, /^tested\n0006: skipped \(exit code 125\)$/m);
    assert.match(said.stderr, /^0009: bad \(exit code 1\)$/m);
    assert.ok(said.stderr.split("tested\n").length - 1 <= 5, said.stderr);
    assert.ok(atlas.read("m.txt").startsWith("version 11"), "the work tree is as it was");
    await atlas.lamin("bisect", "reset");
    assert.ok(!atlas.exists("scratch/probe.txt"), "what was written for the tests is gone");
  });
});

Deno.test("bisect run: what is no verdict ends it, and says so", async () => {
  await withVersions(3, 1, async (atlas) => {
    await atlas.lamin("bisect", "start", "m.txt");
    const [before] = await atlas.json("bisect");
    for (const words of [["sh", "-c", "exit 200"], ["sh", "-c", "nonesuch-program"]]) {
      const said = await atlas.run("bisect", "run", "--", ...words);
      assert.equal(said.code, 1);
      assert.match(said.stderr, /which is no verdict/);
    }
    const missing = await atlas.run("bisect", "run", "nonesuch-program");
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nonesuch-program cannot be run: ENOENT/);
    assert.deepEqual(await atlas.json("bisect"), [before]);
  });
});

Deno.test("bisect: a change that is recorded nowhere is never written over", async () => {
  await withVersions(4, 2, async (atlas) => {
    atlas.write("m.txt", "mine\n");
    const refused = await atlas.run("bisect", "start", "m.txt");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /m.txt has changes that are recorded nowhere/);
    assert.equal((await atlas.run("bisect")).code, 1, "nothing has begun");
    await atlas.lamin("bisect", "start", "m.txt", "--to", "probe");
    atlas.write("probe", "mine too\n");
    for (const words of [["good"], ["reset"]]) {
      const said = await atlas.run("bisect", ...words);
      assert.equal(said.code, 1);
      assert.match(said.stderr, /probe has changes that are recorded nowhere/);
    }
    assert.deepEqual([atlas.read("m.txt"), atlas.read("probe")], ["mine\n", "mine too\n"]);
    const unwritten = await atlas.run("bisect", "bad");
    assert.equal(unwritten.code, 2, "the verdict was noted, the next version is not there yet");
    atlas.remove("probe");
    const [progress] = await atlas.json("bisect");
    assert.equal(progress.good.version, "0001");
    assert.ok(atlas.read("probe").startsWith(`version ${Number(progress.test.version)}`));
    await atlas.lamin("bisect", "reset", "--force");
    assert.ok(atlas.exists("probe"), "forced, files stay as they are");
  });
});

Deno.test("bisect: folders come and go as a whole", async () => {
  await withAtlas(async (atlas) => {
    for (let index = 0; index < 4; index++) {
      atlas.write("set.zarr/.zattrs", `${index}\n`);
      if (index === 1) atlas.write("set.zarr/x/only-in-1", "x\n");
      if (index === 2) atlas.remove("set.zarr/x");
      await atlas.lamin("add", "set.zarr");
    }
    await atlas.lamin("bisect", "start", "set.zarr");
    assert.equal(atlas.read("set.zarr/.zattrs"), "1\n");
    assert.ok(atlas.exists("set.zarr/x/only-in-1"));
    await atlas.lamin("bisect", "good");
    assert.equal(atlas.read("set.zarr/.zattrs"), "2\n");
    assert.ok(!atlas.exists("set.zarr/x"));
    atlas.write("set.zarr/mine", "mine\n");
    assert.equal((await atlas.run("bisect", "bad")).code, 0, "it was the last test");
    assert.equal((await atlas.run("bisect", "reset")).code, 1);
    assert.ok(atlas.exists("set.zarr/mine"));
    atlas.remove("set.zarr/mine");
    await atlas.lamin("bisect", "reset");
    assert.match(await atlas.lamin("status"), /Nothing changed/);
  });
});

test("bisect run: a version whose bytes are gone is skipped", onlySqlite, async () => {
  await withVersions(3, 1, async (atlas) => {
    changeDatabase(
      atlas.path(".lamindb/lamin.db"),
      `UPDATE lamindb_artifact SET _real_key = '.lamindb/objects/00/gone'
       WHERE key = 'm.txt' AND uid LIKE '%0000'`,
    );
    await atlas.lamin("bisect", "start", "m.txt", "--bad", "1").catch(() => {});
    const said = await atlas.run("bisect", "run", "true");
    assert.equal(said.code, 0, said.stderr);
    assert.match(said.stderr, /0000: skipped, as it cannot be written: the bytes of m.txt/);
    assert.match(said.stdout, /is one of 0000, 0001/);
  });
});

Deno.test("bisect: words that are off are told", async () => {
  await withVersions(2, 1, async (atlas) => {
    const off = async (...words: string[]) => {
      const { code, stderr } = await atlas.run("bisect", ...words);
      return `${code} ${stderr}`;
    };
    assert.match(await off("skp"), /^2 .*'skp' is no step of a bisect\n {2}did you mean 'skip'/);
    assert.match(await off("start"), /^2 .*takes one word/);
    assert.match(await off("run"), /^2 .*takes one word/);
    assert.match(await off("start", "m.txt", "--good", "1"), /^2 .*version 0001 cannot be good/);
    assert.match(await off("start", "m.txt", "--good", "7"), /^1 .*no version '7'/);
    atlas.write("one.txt", "x\n");
    await atlas.lamin("add", "one.txt");
    assert.match(await off("start", "one.txt"), /^2 .*has only one version/);
    assert.match(await off("start", "m.txt", "--format", "{no.such}"), /^2 .*there is no field/);
    assert.equal((await atlas.run("bisect")).code, 1, "nothing has begun");
    const [begun] = await atlas.json("bisect", "start", "m.txt");
    const filled = Object.keys(begun).map((name) => `{${name}}`).join(" ");
    assert.equal((await atlas.run("bisect", "--format", filled)).code, 0, "all fields are known");
    assert.match(await off("start", "m.txt"), /^1 .*a bisect of m.txt is under way/);
    atlas.write(`${notesFolder}/bisect.json`, '{"key": 1}');
    const damaged = await say({ folder: atlas.root, home: atlas.home }, "bisect");
    assert.equal(damaged.code, 13);
    await atlas.lamin("bisect", "reset", "--force");
  });
});
