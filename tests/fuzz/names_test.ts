/** Files, folders and instances under names that are odd, through every verb that handles them. */
import assert from "node:assert/strict";
import { parseKey, whyNotWritten } from "../../core/identity/key.ts";
import { type Atlas, atlasAt, withAtlas } from "../cli/atlas.ts";
import { loadedVerbs } from "../cli/manners_world.ts";
import { withWorkspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { oddNames } from "./hostile_words.ts";
import { faultsOf } from "./manners.ts";

const keepsNames = Deno.build.os === "linux"
  ? undefined
  : "the file system folds case or composition of names";

/** Runs a line whose answer has to be calm. */
async function calm(atlas: Atlas, name: string, ...words: readonly string[]) {
  const verb = loadedVerbs.find((one) => one.name === name)!;
  const said = await atlas.run(name, ...words);
  const shown = `lamin ${name} ${words.map((word) => JSON.stringify(word)).join(" ")}`;
  assert.deepEqual(faultsOf(verb, words, said), [], `${shown}: ${said.code} ${said.stderr}`);
  return { ...said, shown: `${shown}: ${said.code} ${said.stderr.slice(0, 2000)}` };
}

function isKey(name: string): boolean {
  try {
    parseKey(name);
    return true;
  } catch {
    return false;
  }
}

test("names: files go from add to mv and back, or it is said why not", keepsNames, async () => {
  await withAtlas(async (atlas) => {
    for (const name of oddNames) atlas.write(`in/${name}`, `content of ${name}`);
    const keys = oddNames.map((name) => `in/${name}`);
    const added = await calm(atlas, "add", ".");
    assert.equal(added.code, 1, added.shown);
    const good = keys.filter(isKey);
    const bad = keys.filter((key) => !isKey(key));
    assert.ok(bad.length > 3 && good.length > 20);
    assert.equal(added.stderr.match(/^! not added: /gm)?.length, bad.length, added.shown);
    const listed = await atlas.json("list", "artifact");
    assert.deepEqual(listed.map(({ key }) => key).sort(), good.toSorted());
    const status = await atlas.json("status");
    assert.deepEqual(status.map(({ path }) => path).sort(), bad.toSorted());
    for (const [index, key] of good.entries()) {
      if (soak || index % 4 === 0) await throughAll(atlas, key);
    }
    for (const key of bad) await nowhere(atlas, key);
    assert.equal((await atlas.json("status", "in")).length, bad.length);
    const fsck = await calm(atlas, "fsck", "--deep");
    assert.equal(fsck.code, 0, fsck.shown + fsck.stdout);
  });
});

/** What `show`, `cat`, `get`, `rm`, `restore` and `mv` do with a file that was added. */
async function throughAll(atlas: Atlas, key: string): Promise<void> {
  const content = atlas.read(key);
  const shown = await calm(atlas, "show", key, "--json");
  assert.equal(JSON.parse(shown.stdout).key, key, shown.shown);
  assert.equal((await calm(atlas, "cat", key)).stdout, content, shown.shown);
  assert.equal((await calm(atlas, "log", key)).code, 0);
  const got = await calm(atlas, "get", key, "--to", "out/");
  const why = whyNotWritten(key);
  if (why === null) {
    assert.equal(got.code, 0, got.shown);
    const name = key.slice(key.lastIndexOf("/") + 1);
    assert.equal(atlas.read(`out/${name}`), content, got.shown);
  } else {
    assert.equal(got.code, 12, got.shown);
    assert.ok(got.stderr.includes(why), got.shown);
  }
  const removed = await calm(atlas, "rm", key);
  assert.equal(removed.code, 0, removed.shown);
  assert.equal((await calm(atlas, "restore", key)).code, 0, removed.shown);
  const moved = await calm(atlas, "mv", key, "moved/plain.csv");
  if (moved.code === 0) {
    assert.equal(atlas.exists("moved/plain.csv"), why === null, moved.shown + moved.stdout);
    if (why !== null) assert.match(moved.stdout, /the file keeps its name/);
    const back = await calm(atlas, "mv", "moved/plain.csv", key);
    if (why === null) assert.equal(back.code, 0, back.shown);
    else {
      assert.equal(back.code, 12, back.shown);
      assert.equal((await calm(atlas, "undo")).code, 0);
    }
    assert.equal(atlas.read(key), content, back.shown);
  } else assert.match(moved.stderr, /suffix|ends in|not written/, moved.shown);
}

/** Each verb says of a name that is no key that there is no such artifact. */
async function nowhere(atlas: Atlas, key: string): Promise<void> {
  for (const name of ["show", "cat", "get", "rm", "restore", "log"]) {
    const said = await calm(atlas, name, key);
    assert.deepEqual([said.code, said.stdout], [1, ""], said.shown);
  }
}

test("names: files in a folder that is one artifact", keepsNames, async () => {
  await withAtlas(async (atlas) => {
    const good = oddNames.filter(isKey);
    for (const name of good) atlas.write(`set/${name}`, `content of ${name}`);
    const added = await calm(atlas, "add", "set", "--as", "folder");
    assert.equal(added.code, 0, added.shown);
    assert.equal((await calm(atlas, "status")).code, 0);
    assert.deepEqual(await atlas.json("status"), []);
    for (const name of good) {
      const cat = await calm(atlas, "cat", "set", `--path=${name}`);
      assert.equal(cat.stdout, `content of ${name}`, cat.shown);
    }
    const got = await calm(atlas, "get", "set", "--to", "out");
    assert.notEqual(got.code, 0, got.shown);
    for (const name of good) {
      const why = whyNotWritten(`set/${name}`);
      if (why === null && got.code === 1) assert.ok(atlas.exists(`out/${name}`), name);
    }
    atlas.write("set/bad\x1b[2J.csv", "x");
    const refused = await calm(atlas, "add", "set", "--as", "folder");
    assert.equal(refused.code, 1, refused.shown);
    assert.match(refused.stderr, /control character/);
  });
});

test("names: an instance in a folder of an odd name", keepsNames, async () => {
  for (const [index, name] of oddNames.entries()) {
    if (!soak && index % 6 !== 0) continue;
    await withWorkspace(async ({ root, home }) => {
      const folder = `${root}/${name}`;
      Deno.mkdirSync(folder);
      const atlas = atlasAt(folder, home);
      const made = await calm(atlas, "init");
      if (made.code !== 0) {
        assert.match(made.stderr, /cannot be the name of an instance/);
        assert.equal((await calm(atlas, "init", "--name", "odd")).code, 0, name);
      }
      const content = `content of ${name}`;
      atlas.write("a.csv", content);
      assert.equal((await calm(atlas, "add", "a.csv")).code, 0, name);
      const outside = atlasAt(home, home);
      const cat = await outside.run("-C", folder, "cat", "a.csv");
      assert.equal(cat.stdout, content, `${name}: ${cat.stderr}`);
      for (const verb of ["info", "status", "log", "fsck"]) {
        const said = await calm(atlas, verb);
        assert.equal(said.code, 0, said.shown);
      }
      const connected = await calm(outside, "connect", folder);
      if (connected.code !== 0) {
        assert.match(connected.stderr, /LaminDB's settings cannot hold its name/);
        return;
      }
      assert.equal((await outside.run("cat", "a.csv")).stdout, content, connected.shown);
    });
  }
});
