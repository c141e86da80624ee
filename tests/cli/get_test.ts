import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { withPythonInstance } from "../lamin.ts";
import { type Atlas, atlasAt, withAtlas } from "./atlas.ts";
import { test } from "../skip.ts";
import { onlyLocal } from "../test_database.ts";
import { makeWritable } from "../core/fsck/damage.ts";
import { stored } from "../days.ts";

/** Status by path of what `get --json` prints. */
function byPath(lines: readonly { path: string; status: string }[]): Record<string, string> {
  return Object.fromEntries(lines.map(({ path, status }) => [path, status]));
}

Deno.test("get: into the work tree, without losing anything", async (t) => {
  await withAtlas(async (atlas) => {
    const { write, read, remove, json, lamin, run, exists } = atlas;
    write("raw/a.csv", "a 1\n");
    write("raw/b.csv", "b 1\n");
    write("c.csv", "c 1\n");
    await lamin("add", ".");
    write("raw/a.csv", "a 2\n");
    await lamin("add", ".");
    await t.step("what is here is left", async () => {
      assert.deepEqual(byPath(await json("get", ".")), {
        "c.csv": "unchanged",
        "raw/a.csv": "unchanged",
        "raw/b.csv": "unchanged",
      });
    });
    await t.step("what is gone comes back, and status is clean", async () => {
      remove("raw");
      const planned = await json("get", "raw", "--dry-run");
      assert.deepEqual(byPath(planned), { "raw/a.csv": "fetched", "raw/b.csv": "fetched" });
      assert.ok(!exists("raw"));
      assert.deepEqual(byPath(await json("get", "raw/")), byPath(planned));
      assert.deepEqual([read("raw/a.csv"), read("raw/b.csv")], ["a 2\n", "b 1\n"]);
      assert.deepEqual(await json("status"), []);
    });
    await t.step("a recorded version is replaced by another", async () => {
      await lamin("get", "raw/a.csv@0");
      assert.equal(read("raw/a.csv"), "a 1\n");
      assert.equal((await json("get", "raw/a.csv"))[0].status, "fetched");
      assert.equal(read("raw/a.csv"), "a 2\n");
    });
    await t.step("what is recorded nowhere stays, unless forced", async () => {
      write("raw/a.csv", "mine, of another size\n");
      write("raw/b.csv", "b 2\n");
      remove("c.csv");
      const { code, stdout, stderr } = await run("get", ".", "--json");
      assert.equal(code, exitCode.failed);
      assert.deepEqual(byPath(stdout.trim().split("\n").map((line) => JSON.parse(line))), {
        "c.csv": "fetched",
        "raw/a.csv": "skipped",
        "raw/b.csv": "skipped",
      });
      assert.match(stderr, /raw\/a\.csv: what is there is recorded nowhere \(--force/);
      assert.deepEqual([read("raw/a.csv"), read("raw/b.csv")], [
        "mine, of another size\n",
        "b 2\n",
      ]);
      assert.deepEqual((await json("get", "raw", "--force")).map(({ status }) => status), [
        "fetched",
        "fetched",
      ]);
      assert.equal(read("raw/b.csv"), "b 1\n");
    });
    await t.step("a folder or a link in the way stays", async () => {
      remove("c.csv");
      write("c.csv/inside.txt", "x");
      assert.equal((await run("get", "c.csv", "--force")).code, exitCode.failed);
      remove("c.csv");
      Deno.symlinkSync("raw/b.csv", atlas.path("c.csv"));
      assert.equal((await run("get", "c.csv")).code, exitCode.failed);
      assert.equal((await run("get", "c.csv", "--force")).code, 0);
      assert.ok(Deno.lstatSync(atlas.path("c.csv")).isFile, "the link was replaced, not followed");
      assert.equal(read("raw/b.csv"), "b 1\n");
    });
  });
});

Deno.test("get: --to decides as cp does", async () => {
  await withAtlas(async (atlas) => {
    const { write, read, lamin, json, run, exists, remove } = atlas;
    write("raw/deep/a.csv", "a\n");
    write("raw/b.csv", "b\n");
    write("x.zarr/.zattrs", "{}");
    write("x.zarr/0/0", "chunk");
    await lamin("add", "raw", "x.zarr");
    write("p.csv", "p");
    const [keyless] = await json("add", "../atlas/p.csv", "--key", "p.csv");
    await lamin("get", "raw/b.csv", "--to", "new.csv");
    await lamin("get", "raw/b.csv", "--to", "made/here/");
    Deno.mkdirSync(atlas.path("there"));
    await lamin("get", "raw/b.csv", "--to", "there");
    await lamin("get", "raw/b.csv", keyless.uid, "--to", "both");
    await lamin("get", "raw", "--to", "there");
    await lamin("get", "raw", "--to", "copy");
    await lamin("get", ".", "--to", "all/");
    await lamin("get", "x.zarr", "--to", "y.zarr");
    for (
      const [path, content] of Object.entries({
        "new.csv": "b\n",
        "made/here/b.csv": "b\n",
        "there/b.csv": "b\n",
        "both/b.csv": "b\n",
        "both/p.csv": "p",
        "there/raw/deep/a.csv": "a\n",
        "copy/deep/a.csv": "a\n",
        "all/raw/deep/a.csv": "a\n",
        "all/x.zarr/0/0": "chunk",
        "y.zarr/.zattrs": "{}",
      })
    ) assert.equal(read(path), content, path);
    write("raw/deep/b.csv", "another b\n");
    await lamin("add", "raw");
    const clash = await run("get", "raw/b.csv", "raw/deep/b.csv", "--to", "clash");
    assert.deepEqual([clash.code, exists("clash")], [exitCode.usage, false]);
    for (const own of [".lamindb/x", ".lamindb", ".lamin/"]) {
      assert.equal((await run("get", "raw/b.csv", "--to", own)).code, exitCode.denied, own);
    }
    for (const none of ["", "-"]) {
      const { code, stderr } = await run("get", "raw/b.csv", "--to", none);
      assert.equal(code, exitCode.usage);
      assert.match(stderr, none === "" ? /'.' is the current folder/ : /'lamin cat' prints/);
    }
    Deno.mkdirSync(atlas.path(".lamindb/objects"), { recursive: true });
    Deno.symlinkSync(".lamindb/objects", atlas.path("way"));
    assert.equal((await run("get", "raw/b.csv", "--to", "way/")).code, exitCode.denied);
    remove("way");
    write("../bystander.txt", "outside\n");
    await lamin("get", "raw/b.csv", "--to", "../out/b.csv");
    assert.equal(read("../out/b.csv"), "b\n");
    write("b.csv", "not recorded\n");
    assert.equal((await run("get", "raw/b.csv", "--to", "b.csv")).code, exitCode.failed);
    assert.equal(read("b.csv"), "not recorded\n");
  });
});

Deno.test("get: folder artifacts, file by file", async () => {
  await withAtlas(async ({ write, read, remove, lamin, run, json }) => {
    write("run7/meta.json", "1");
    write("run7/well/a.txt", "a");
    write("run7/well/b.txt", "b");
    await lamin("add", "--as", "folder", "run7");
    write("run7/meta.json", "2");
    await lamin("add", "--as", "folder", "run7");
    remove("run7/well/a.txt");
    write("run7/mine.txt", "extra");
    const { code, stderr } = await run("get", "run7");
    assert.equal(code, 0);
    assert.match(stderr, /1 file in run7 left that it does not have: mine\.txt/);
    assert.deepEqual([read("run7/well/a.txt"), read("run7/mine.txt")], ["a", "extra"]);
    await lamin("get", "run7@0");
    assert.equal(read("run7/meta.json"), "1", "a file that another version has is replaced");
    write("run7/meta.json", "mine");
    remove("run7/well/b.txt");
    const some = await run("get", "run7", "--json");
    assert.equal(some.code, exitCode.failed);
    assert.equal(JSON.parse(some.stdout).status, "skipped");
    assert.deepEqual([read("run7/meta.json"), read("run7/well/b.txt")], ["mine", "b"]);
    remove("run7");
    await lamin("get", "run7");
    assert.deepEqual(await json("status"), []);
  });
});

Deno.test("get: a folder that is not there appears whole or not at all", async () => {
  await withAtlas(async (atlas) => {
    const { write, read, remove, lamin, run, json, path, exists } = atlas;
    for (const name of ["a", "b", "c"]) write(`data/x.zarr/in/${name}`, name.repeat(9));
    const [added] = await json("add", "data");
    const member = stored(atlas, `${added._real_key}/in/b`);
    remove("data");
    makeWritable(member);
    Deno.writeTextFileSync(member, "wrong!!!!");
    for (const words of [["data/x.zarr"], ["data/x.zarr", "--to", "copy"]]) {
      const { code, stderr } = await run("get", ...words);
      assert.equal(code, exitCode.damaged);
      assert.match(
        stderr,
        /not fetched: .*in\/b(\): its hash is not the recorded one| do not fit)/,
      );
    }
    assert.deepEqual([exists("data"), exists("copy")], [false, false], "nothing is left");
    assert.deepEqual((await json("status")).map(({ status }) => status), ["deleted"]);
    Deno.writeTextFileSync(member, "b".repeat(9));
    await lamin("get", "data/x.zarr");
    assert.equal(read("data/x.zarr/in/b"), "b".repeat(9));
    assert.deepEqual([...Deno.readDirSync(path("data"))].map(({ name }) => name), ["x.zarr"]);
    assert.deepEqual(await json("status"), [], "the index knows what was written");
  });
});

Deno.test("get: damaged bytes never replace a file, and the others are fetched", async () => {
  await withAtlas(async (atlas) => {
    const { write, read, json, run, path, exists } = atlas;
    for (const name of ["a", "b", "c"]) write(`${name}.csv`, `${name} 1\n`);
    const added = await json("add", ".");
    const [a, b] = ["a.csv", "b.csv"].map((key) => added.find((row) => row.key === key));
    makeWritable(stored(atlas, a._real_key));
    Deno.writeTextFileSync(stored(atlas, a._real_key), "wrong\n".slice(0, 4));
    Deno.removeSync(stored(atlas, b._real_key));
    write("a.csv", "a 2\n");
    await json("add", "a.csv");
    for (const name of ["b", "c"]) Deno.removeSync(path(`${name}.csv`));
    const first = await run("get", "a.csv@0", "b.csv", "c.csv");
    assert.equal(first.code, exitCode.damaged);
    assert.match(first.stderr, /a\.csv.* (damaged|do not fit)/);
    assert.match(first.stderr, /b\.csv.* missing/);
    assert.deepEqual([read("a.csv"), exists("b.csv"), read("c.csv")], ["a 2\n", false, "c 1\n"]);
    const left = [...Deno.readDirSync(path("."))].map(({ name }) => name);
    assert.deepEqual(left.filter((name) => name.endsWith(".lamin-temporary")), []);
  });
});

test("get: bytes in place are never written over", onlyLocal, async () => {
  await withAtlas(async ({ write, read, lamin, run, json }) => {
    write("placed.csv", "in place\n");
    await lamin("add", "--no-copy", "placed.csv");
    assert.equal((await json("get", "placed.csv"))[0].status, "unchanged");
    write("placed.csv", "changed!\n");
    assert.equal((await run("get", "placed.csv")).code, exitCode.damaged);
    write("placed.csv", "in place\n");
    write("copied.csv", "copied\n");
    await lamin("add", "copied.csv");
    const over = await run("get", "copied.csv", "--to", "placed.csv");
    assert.equal(over.code, exitCode.failed, "the only copy of an artifact is no recorded content");
    assert.equal(read("placed.csv"), "in place\n");
  });
});

Deno.test("get: what Python wrote, in Python's words", async (t) => {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    const atlas = atlasAt(root, home);
    const { json, lamin, read, run, write } = atlas;
    await t.step("artifacts and everything", async () => {
      const key = ["load", "artifact", "--key", "raw/counts.csv"];
      assert.equal((await json(...key))[0].path, "raw/counts.csv");
      assert.match(read("raw/counts.csv"), /^gene,n\n/);
      const [old] = await json("load", "artifact", "--uid", "IYEmV6wjzV68CSds0000");
      assert.deepEqual([old.status, old.key], ["fetched", "raw/counts.csv"]);
      const all = await json("get", ".");
      assert.equal(all.length, 20, "of main, not of another branch, the archive or the trash");
      assert.deepEqual(await json("status"), []);
      assert.equal((await run("get", "artifact")).code, exitCode.failed, "no artifact of that key");
    });
    await t.step("without a key", async () => {
      await lamin("get", "uJ0yM5mu2BMPjmH30000", "--to", "out/");
      assert.ok(atlas.exists("out/a flower without a key.png"));
    });
    await t.step("collections", () => collections(atlas));
    await t.step("source code of transforms", async () => {
      const [first] = await json("load", "transform", "--key", "train.py");
      assert.deepEqual([first.path, first.status], ["train.py", "fetched"]);
      assert.equal(read("train.py"), "print('train 2')\n");
      await lamin("get", "transform", "train.py@0");
      assert.equal(read("train.py"), "print('train')\n");
      write("train.py", "mine\n");
      assert.equal((await run("get", "transform", "train.py")).code, exitCode.failed);
      assert.equal(read("train.py"), "mine\n");
      await lamin("get", "transform", "train.py", "--to", "code/");
      assert.equal(read("code/train.py"), "print('train 2')\n");
      assert.equal((await run("get", "transform", "Cell Ranger")).code, exitCode.failed);
    });
    await t.step("a folder of which Python changed the bytes", async () => {
      write(".lamindb/aN7WSl6063Uggbk1/empty.log", "changed");
      const folder = await run("get", "imaging/run 1", "--to", "out/");
      assert.equal(folder.code, exitCode.damaged);
      assert.ok(!atlas.exists("out/run 1"));
    });
  });
});

async function collections({ json, exists }: Atlas): Promise<void> {
  const members = await json("get", "collection", "my-RNA-seq-collection", "--to", "out");
  const keys = [
    "my_datasets/my_rnaseq1.h5ad",
    "my_datasets/my_rnaseq2.h5ad",
    "pbmc/pbmc_small.h5ad",
  ];
  assert.deepEqual(members.map(({ key }) => key), keys);
  for (const key of keys) assert.ok(exists(`out/${key}`), key);
  const first = await json("load", "collection", "--uid", "goODe46PkufUBjcS0000");
  assert.deepEqual(first.map(({ key }) => key), keys.slice(0, 2));
}
