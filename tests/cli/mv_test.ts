import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { withPythonInstance } from "../lamin.ts";
import { type Atlas, atlasAt, withAtlas } from "./atlas.ts";

/** Keys of all versions by uid suffix, trash and branches included. */
async function keysOf({ json }: Atlas, stem: string): Promise<Record<string, string>> {
  const rows = [
    ...await json("list", "artifact", "--all-versions", "--limit", "0", `uid__startswith=${stem}`),
    ...await json(
      ...["list", "artifact", "--all-versions", "--limit", "0", "--branch", "trash"],
      `uid__startswith=${stem}`,
    ),
  ];
  return Object.fromEntries(rows.map(({ uid, key }) => [uid.slice(16), key]));
}

Deno.test("mv: who asks for a former key is told what became of it", async () => {
  await withAtlas(async ({ write, lamin, run }) => {
    write("a.csv", "1\n");
    write("ab.csv", "2\n");
    await lamin("add", ".");
    await lamin("mv", "a.csv", "raw/b.csv");
    const hint = async (...words: string[]) => (await run(...words)).stderr;
    assert.match(await hint("log", "a.csv"), /it became 'raw\/b\.csv' by 'mv', operation \w{12}/);
    await lamin("rm", "--permanent", "--force", "raw/b.csv");
    assert.match(await hint("cat", "raw/b.csv"), /it was deleted for good by 'rm', operation/);
    assert.match(await hint("cat", "a.csv"), /it was deleted for good by 'rm', operation/);
    await lamin("undo");
    assert.match(await hint("cat", "b.csv"), /did you mean 'raw\/b\.csv'/);
  });
});

Deno.test("mv: every version and the file get the new key, in one operation", async () => {
  await withAtlas(async (atlas) => {
    const { write, read, lamin, json, exists, path } = atlas;
    write("raw/a.csv", "1\n");
    const [first] = await json("add", "raw");
    write("raw/a.csv", "2\n");
    const [second] = await json("add", "raw");
    write("raw/a.csv", "3\n");
    await lamin("add", "raw");
    await lamin("rm", second.uid);
    const stem = first.uid.slice(0, 16);
    const planned = await json("mv", "raw/a.csv", "plates/one.csv", "--dry-run");
    assert.deepEqual([planned[0].key, exists("plates")], ["plates/one.csv", false]);
    const [moved] = await json("mv", "raw/a.csv", "plates/one.csv");
    assert.deepEqual([moved.from, moved.key, moved.file], ["raw/a.csv", "plates/one.csv", "moved"]);
    const key = "plates/one.csv";
    assert.deepEqual(await keysOf(atlas, stem), { "0000": key, "0001": key, "0002": key });
    assert.deepEqual([read("plates/one.csv"), exists("raw")], ["3\n", false]);
    assert.deepEqual(await json("status"), []);
    await lamin("undo");
    assert.deepEqual((await keysOf(atlas, stem))["0000"], "raw/a.csv");
    assert.deepEqual([read("raw/a.csv"), exists("plates")], ["3\n", false], "the file went back");
    assert.deepEqual(await json("status"), []);
    Deno.renameSync(path("raw/a.csv"), path("b.csv"));
    const [renamed] = await json("status");
    assert.deepEqual([renamed.status, renamed.from], ["renamed", "raw/a.csv"]);
    assert.equal((await json("mv", "raw/a.csv", "b.csv"))[0].file, "moved by hand");
    assert.deepEqual(await json("status"), []);
  });
});

Deno.test("mv: into folders, folders of keys, by hand", async (t) => {
  await withAtlas(async (atlas) => {
    const { write, read, lamin, json, exists, path, runIn, remove } = atlas;
    for (const name of ["a.csv", "deep/b.csv", "deep/c.csv"]) write(`raw/${name}`, `${name}\n`);
    write("raw/untracked.txt", "mine\n");
    write("x.zarr/.zattrs", "{}");
    write("x.zarr/0/0", "chunk");
    write("d.csv", "d\n");
    await lamin("add", "raw/a.csv", "raw/deep", "x.zarr", "d.csv");
    await t.step("into a folder that is there, or is named as one", async () => {
      assert.equal((await json("mv", "d.csv", "raw"))[0].key, "raw/d.csv");
      assert.equal((await json("mv", "raw/d.csv", "fresh/"))[0].key, "fresh/d.csv");
      const inside = await runIn("fresh", "mv", "d.csv", "e.csv");
      assert.deepEqual([inside.code, read("fresh/e.csv")], [0, "d\n"], "relative to the folder");
    });
    await t.step("a folder artifact", async () => {
      assert.equal((await json("mv", "x.zarr", "y.zarr"))[0].key, "y.zarr");
      assert.deepEqual([read("y.zarr/0/0"), exists("x.zarr")], ["chunk", false]);
      Deno.renameSync(path("y.zarr"), path("z.zarr"));
      const [moved] = await json("mv", "y.zarr", "z.zarr");
      assert.deepEqual([moved.key, moved.file], ["z.zarr", "moved by hand"]);
    });
    await t.step("a folder of keys", async () => {
      const moved = await json("mv", "raw", "plates");
      assert.deepEqual(moved.map(({ key }) => key), [
        "plates/a.csv",
        "plates/deep/b.csv",
        "plates/deep/c.csv",
      ]);
      assert.equal(read("raw/untracked.txt"), "mine\n", "what is not recorded stays");
      Deno.mkdirSync(path("store"));
      assert.equal((await json("mv", "plates", "store"))[0].key, "store/plates/a.csv");
      remove("raw");
      Deno.renameSync(path("store"), path("lager"));
      const byHand = await json("mv", "store", "lager");
      assert.deepEqual(byHand.map(({ file }) => file), Array(3).fill("moved by hand"));
      assert.deepEqual(byHand[0].key, "lager/plates/a.csv");
    });
    await t.step("what is not here", async () => {
      remove("lager/plates/a.csv");
      assert.equal((await json("mv", "lager/plates/a.csv", "a.csv"))[0].file, "not here");
      assert.deepEqual((await json("status")).map(({ status, key }) => [status, key]), [
        ["not fetched", "a.csv"],
      ]);
    });
    await t.step("an artifact without a key gets one", async () => {
      write("../other.csv", "other\n");
      const [keyless] = await json("add", "../other.csv", "--description", "no key");
      assert.equal((await json("mv", keyless.uid, "named.csv"))[0].key, "named.csv");
    });
  });
});

Deno.test("mv: refuses what would lose or hide something", async () => {
  await withAtlas(async (atlas) => {
    const { write, read, lamin, json, run, exists } = atlas;
    write("a.csv", "a\n");
    write("b.csv", "b\n");
    write("raw/c.csv", "c\n");
    write("x.zarr/0", "0");
    await lamin("add", ".");
    write("there.csv", "not recorded\n");
    write("gone.csv", "a\n");
    await lamin("add", "gone.csv");
    await lamin("rm", "gone.csv");
    atlas.remove("gone.csv");
    const before = await json("list", "artifact", "--limit", "0");
    const refused: readonly [string[], number, RegExp][] = [
      [["a.csv", "b.csv"], exitCode.failed, /there is an artifact b\.csv already/],
      [["a.csv", "there.csv"], exitCode.failed, /something else at there\.csv/],
      [["a.csv", "a.tsv"], exitCode.usage, /must keep the suffix '\.csv'/],
      [["a.csv", "a.csv"], exitCode.failed, /already/],
      [["a.csv", "b.csv/a.csv"], exitCode.failed, /b\.csv is a file/],
      [["a.csv", "x.zarr/a.csv"], exitCode.failed, /x\.zarr is a folder that is one artifact/],
      [["raw", "raw/deeper"], exitCode.failed, /cannot go into itself/],
      [["a.csv", "gone.csv"], exitCode.failed, /the trash has gone\.csv with the same content/],
      [["a.csv", "/elsewhere/a.csv"], exitCode.usage, /outside the work tree/],
      [["a.csv", "../a.csv"], exitCode.usage, /outside the work tree/],
      [["a.csv", ".git/a.csv"], exitCode.denied, /is not written/],
      [["a.csv", "sub/con.csv"], exitCode.denied, /device/],
      [["a.csv", ".lamindb/a.csv"], exitCode.usage, /belongs to the instance/],
      [["nothing.csv", "c.csv"], exitCode.failed, /no artifact 'nothing\.csv'/],
      [["a.csv"], exitCode.usage, /./],
    ];
    for (const [words, code, message] of refused) {
      const result = await run("mv", ...words);
      assert.equal(result.code, code, `${words}: ${result.stderr}`);
      assert.match(result.stderr, message, `${words}`);
    }
    assert.deepEqual(await json("list", "artifact", "--limit", "0"), before);
    assert.deepEqual([read("a.csv"), read("there.csv"), exists("raw/c.csv")], [
      "a\n",
      "not recorded\n",
      true,
    ]);
    const operations = await json("op", "log");
    assert.ok(operations.every(({ verb }) => verb !== "mv"));
  });
});

Deno.test("mv: what Python made, and a database that must not be written", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    const atlas = atlasAt(root, home);
    const { json, lamin } = atlas;
    const moved = await json("mv", "notes/notes.txt", "notes/log.txt");
    assert.equal(moved.length, 1);
    const keys = await keysOf(atlas, "u8cf8UnziqwaZjCm");
    assert.deepEqual(new Set(Object.values(keys)), new Set(["notes/log.txt"]));
    assert.ok(
      "0003" in keys || (await json("list", "artifact", "--branch", "my_branch")).some(
        ({ key }) => key === "notes/log.txt",
      ),
      "the version on another branch too",
    );
    await lamin("mv", "in place/table.csv", "placed/table.csv");
    assert.equal(await lamin("cat", "placed/table.csv"), "a,b\n1,2\n");
  });
  await withPythonInstance("lamindb-1.1.0", async ({ root, home }) => {
    const { run, json } = atlasAt(root, home);
    const [{ key }] = (await json("list", "artifact")).filter((row) => row.key !== null);
    const { code } = await run("mv", key, `moved/${key}`);
    assert.equal(code, exitCode.schemaUnknown);
  });
});
