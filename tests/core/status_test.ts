import assert from "node:assert/strict";
import { type Atlas, atlasAt, withAtlas } from "../cli/atlas.ts";
import { withPythonInstance } from "../lamin.ts";
import { timeStepMs } from "../../store/database/sqlite_stamp.ts";
import { forgetIndexed } from "../open_instance.ts";
import { withRaw } from "../raw_database.ts";
import { onS3, workIndex } from "../test_database.ts";
import { look, queriesFor } from "./status_of.ts";

/** A second in the past, so that the next look may trust the times. */
function settle(atlas: Atlas, ...paths: string[]): void {
  const past = new Date(Date.now() - 60_000);
  for (const path of paths) Deno.utimeSync(atlas.path(path), past, past);
}

Deno.test("status: every way in which the work tree differs, and what is read for it", async (t) => {
  await withAtlas(async (atlas) => {
    const { write, lamin, remove } = atlas;
    for (const name of ["same", "longer", "other", "gone", "moved", "unfetched"]) {
      write(`data/${name}.csv`, `x,${name.padEnd(9, "-")}\n`);
    }
    write("empty.txt", "");
    write("placed.csv", "in place\n");
    write("lost.csv", "in place and lost\n");
    await lamin("add", "data", "empty.txt");
    // A bucket is not where the work tree is.
    const lost = onS3 ? [] : ["lost.csv"];
    if (!onS3) await lamin("add", "--no-copy", "placed.csv", "lost.csv");
    else for (const name of ["placed.csv", "lost.csv"]) remove(name);
    await t.step("right after adding nothing differs", async () => {
      const { report } = await look(atlas);
      assert.deepEqual([report.entries, report.recorded.count], [[], onS3 ? 7 : 9]);
    });
    await t.step("an unchanged tree costs no reading", async () => {
      await look(atlas);
      const { opened, report } = await look(atlas);
      assert.deepEqual([opened, report.entries], [[], []]);
    });
    await forgetIndexed(atlas.root, ["data/unfetched.csv"]);
    for (const path of ["data/gone.csv", "data/unfetched.csv", ...lost, "empty.txt"]) {
      remove(path);
    }
    Deno.renameSync(atlas.path("data/moved.csv"), atlas.path("data/renamed.csv"));
    write("data/longer.csv", "x,longer\n1\n2\n3\n4\n5\n");
    write("data/other.csv", "x,OTHER----\n");
    write("new.csv", "a size that nothing else has, at all\n");
    write("new/empty.txt", "");
    write("skipped.log", "log\n");
    write(".laminignore", "*.log\n");
    const expected = {
      ".laminignore": "new",
      "data/gone.csv": "deleted",
      "data/longer.csv": "modified",
      "data/moved.csv → data/renamed.csv": "renamed",
      "data/other.csv": "modified",
      "data/unfetched.csv": "not fetched",
      "empty.txt": "deleted",
      ...Object.fromEntries(lost.map((name) => [name, "missing"])),
      "new.csv": "new",
      "new/empty.txt": "new",
    };
    await t.step("all of them are told", async () => {
      const { found, opened, report } = await look(atlas, [], true);
      assert.deepEqual(found, { ...expected, "skipped.log": "ignored" });
      assert.equal(report.branch, "main");
      assert.deepEqual(opened.map((path) => path.slice(atlas.root.length + 1)).sort(), [
        "data/other.csv", // of the recorded size
        "data/renamed.csv", // of the size of something that is gone
      ], "only where the size leaves a doubt");
    });
    await t.step("paths restrict", async () => {
      assert.deepEqual((await look(atlas, ["data/gone.csv", "new"])).found, {
        "data/gone.csv": "deleted",
        "new/empty.txt": "new",
      });
      assert.deepEqual((await look(atlas, ["data/same.csv"])).found, {});
      await assert.rejects(look(atlas, ["../elsewhere"]), { code: "usage" });
      await assert.rejects(look(atlas, ["nothing"]), { code: "not_found" });
    });
    await t.step("patterns do not hide what is recorded", async () => {
      write(".laminignore", "*.log\ndata/\n");
      const { found } = await look(atlas);
      assert.equal(found["data/other.csv"], "modified");
      assert.equal(found["data/same.csv"], undefined);
    });
  });
});

Deno.test("status: the index is written only when something was learnt, and is no must", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, path, remove } = atlas;
    write("a.csv", "x\n1\n");
    settle(atlas, "a.csv");
    await lamin("add", ".");
    // A database that changed a moment ago could change again in the same tick.
    await new Promise((resolve) => setTimeout(resolve, 2 * timeStepMs));
    await look(atlas);
    const before = Deno.readFileSync(path(workIndex));
    await look(atlas);
    assert.deepEqual(Deno.readFileSync(path(workIndex)), before);
    remove(workIndex);
    const first = await look(atlas);
    assert.deepEqual([first.opened.length, first.found], [1, {}]);
    assert.deepEqual((await look(atlas)).opened, [], "it was learnt");
    for (const end of ["", "-wal", "-shm"]) {
      if (atlas.exists(workIndex + end)) remove(workIndex + end);
    }
    Deno.mkdirSync(path(workIndex));
    Deno.writeTextFileSync(path(`${workIndex}/full`), "a folder in the way");
    const without = await look(atlas);
    assert.deepEqual([without.opened.length, without.found], [1, {}]);
  });
});

Deno.test("status: folders that are artifacts", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, remove, path, run } = atlas;
    for (const name of ["one", "two", "three"]) {
      write(`${name}.zarr/.zattrs`, `{"name": "${name}"}`);
      write(`${name}.zarr/x/0.0`, `${name} chunk`);
    }
    write("run7/meta.json", "{}");
    write("run7/well/a.tif", "tif");
    await lamin("add", "one.zarr", "two.zarr", "three.zarr");
    await lamin("add", "--as", "folder", "run7");
    write("parts.zarr/x/0", "a part");
    await lamin("add", "--as", "files", "parts.zarr");
    await look(atlas);
    const clean = await look(atlas);
    assert.deepEqual([clean.found, clean.opened], [{}, []]);
    write("one.zarr/x/0.0", "ONE chunk");
    write("run7/extra.json", "{}");
    Deno.renameSync(path("two.zarr"), path("deux.zarr"));
    remove("three.zarr");
    write("parts.zarr/x/1", "another");
    assert.deepEqual((await look(atlas)).found, {
      "one.zarr": "modified",
      "parts.zarr/x/1": "new",
      "run7": "modified",
      "three.zarr": "deleted",
      "two.zarr → deux.zarr": "renamed",
    });
    assert.deepEqual((await look(atlas, ["one.zarr/x"])).found, { "one.zarr": "modified" });
    assert.match((await run("status", "-s")).stdout, /^ M one\.zarr\/$/m);
  });
});

Deno.test("status: what Python made is compared by LaminDB's hashes", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    const atlas = atlasAt(root, home);
    const before = await look(atlas);
    assert.deepEqual(new Set(Object.values(before.found)), new Set(["not fetched"]));
    const keys = Object.keys(before.found);
    assert.ok(keys.includes("raw/counts.csv") && keys.includes("imaging/run 1"));
    for (const hidden of ["old/gone.txt", "old/archived.txt", "notes/on_branch.txt"]) {
      assert.ok(!keys.includes(hidden), hidden);
    }
    await atlas.lamin("get", ".");
    // A file is surely unchanged only when it was hashed some time after it was written.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await look(atlas);
    const after = await look(atlas);
    assert.deepEqual([after.found, after.opened], [{}, []]);
    atlas.write("imaging/run 1/meta.json", "{}");
    atlas.write("seqs/ls_orchid.fasta", atlas.read("seqs/ls_orchid.fasta").replace("A", "C"));
    atlas.remove("in place/table.csv");
    assert.deepEqual((await look(atlas)).found, {
      "imaging/run 1": "modified",
      "in place/table.csv": "missing",
      "seqs/ls_orchid.fasta": "modified",
    });
  });
});

Deno.test("status: a database of another version, read only", async () => {
  await withPythonInstance("lamindb-1.1.0", async ({ root, home }) => {
    const { found } = await look({ root, home });
    assert.ok(Object.keys(found).length > 0);
    assert.deepEqual(new Set(Object.values(found)), new Set(["not fetched"]));
  });
});

Deno.test("status: a storage inside the work tree is passed over", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, json, path } = atlas;
    write("a.csv", "x\n");
    write("storage/loose.csv", "loose\n");
    Deno.mkdirSync(path("other/.lamindb"), { recursive: true });
    write("other/theirs.csv", "theirs\n");
    assert.deepEqual((await look(atlas)).found, { "a.csv": "new" });
    assert.deepEqual((await json("add", ".")).map(({ key }) => key), ["a.csv"]);
    await lamin("add", "--no-copy", "--key", "loose.csv", "storage/loose.csv");
    assert.deepEqual((await look(atlas)).found, {}, "its bytes are where they were registered");
    Deno.removeSync(path("storage/loose.csv"));
    assert.deepEqual((await look(atlas)).found, { "loose.csv": "missing" });
  }, ["--storage", "storage"]);
});

Deno.test("status: hostile keys are told and lead nowhere", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, root } = atlas;
    write("a.csv", "x\n");
    write(".laminignore", "ignored/\n");
    write("ignored/a.csv", "x\n");
    write("../outside.csv", "x\n");
    await lamin("add", "a.csv", ".laminignore");
    const keys = ["../outside.csv", "ignored/../../outside.csv", `${root}/../outside.csv`];
    for (const key of keys) {
      withRaw(root, (database) => database.run(copyOfArtifact("a.csv", key)));
    }
    const { found } = await look(atlas);
    assert.deepEqual(found, Object.fromEntries(keys.map((key) => [key, "not fetched"])));
  });
});

/** SQL that inserts an artifact like another one under a hostile key. */
function copyOfArtifact(from: string, key: string): string {
  const uid = `hostile${Math.random().toString(36).slice(2).padEnd(13, "0").slice(0, 13)}`;
  return `CREATE TABLE copy AS SELECT * FROM lamindb_artifact WHERE key = '${from}';
    UPDATE copy SET id = (SELECT MAX(id) + 1 FROM lamindb_artifact), uid = '${uid}', key = '${key}';
    INSERT INTO lamindb_artifact SELECT * FROM copy;
    DROP TABLE copy`;
}

Deno.test("status: the number of queries does not grow with the instance", async () => {
  await withAtlas(async (atlas) => {
    const counts: number[] = [];
    for (const size of [2, 40]) {
      for (let index = 0; index < size; index++) {
        atlas.write(`data/${index}.csv`, `${index}\n`);
        atlas.write(`data/${index}.zarr/0`, `${index}\n`);
      }
      await atlas.lamin("add", ".");
      atlas.remove("data/1.csv");
      atlas.write("data/0.csv", "another\n");
      counts.push(await queriesFor(atlas));
    }
    assert.equal(counts[0], counts[1]);
    assert.ok(counts[0]! < 12, `${counts[0]} queries`);
  });
});
