import assert from "node:assert/strict";
import { withPythonInstance, type Workspace } from "../lamin.ts";
import { addFile, stable, versions, withHistory, withPythonHistory } from "./history.ts";
import { test } from "../skip.ts";
import { onlyLocal } from "../test_database.ts";
import { stored } from "../days.ts";

Deno.test("rm: to the trash", async (test) => {
  await withHistory(async (workspace) => {
    for (const content of ["1", "2", "3"]) await addFile(workspace, "raw/a.csv", content);
    await addFile(workspace, "raw/b.csv", "b");
    await addFile(workspace, "c.txt", "c");
    await test.step("one version: the one before is the latest then", async (t) => {
      await t.assertSnapshot(await said(workspace, "rm", "raw/a.csv@2"));
      assert.deepEqual(await versions(workspace, "live"), [
        "c.txt 0000 latest",
        "raw/a.csv 0000",
        "raw/a.csv 0001 latest",
        "raw/b.csv 0000 latest",
      ]);
      assert.deepEqual(await versions(workspace, "trash"), ["raw/a.csv 0002"]);
    });
    await test.step("a key goes with all its versions", async (t) => {
      await t.assertSnapshot(await said(workspace, "rm", "raw/a.csv", "c.txt"));
      assert.deepEqual(await versions(workspace, "live"), ["raw/b.csv 0000 latest"]);
      assert.equal(workspace.read("raw/a.csv"), "3", "the file stays");
    });
    await test.step("a folder needs -r", async (t) => {
      assert.equal((await workspace.run(["rm", "raw"])).code, 2);
      await t.assertSnapshot(await said(workspace, "rm", "-r", "raw", "--dry-run"));
      await t.assertSnapshot(await said(workspace, "rm", "-r", "raw"));
      assert.deepEqual(await versions(workspace, "live"), []);
    });
    await test.step("what is not there is said", async (t) => {
      await t.assertSnapshot(await said(workspace, "rm", "raw/a.csv"));
      await t.assertSnapshot(await said(workspace, "rm"));
    });
  });
});

/** What the program says, standard error after standard output. */
async function said(workspace: Workspace, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await workspace.run(words);
  return await stable(workspace, `${stdout}${stderr}(${code})`);
}

test(
  "rm --files: only files that are exactly as recorded, and held by the store",
  onlyLocal,
  async () => {
    await withHistory(async (workspace) => {
      const { run, write, path, read, lamin } = workspace;
      for (const name of ["same.csv", "changed.csv", "folder.zarr/x", "folder.zarr/deep/y"]) {
        write(name, name);
      }
      await lamin("add", ".");
      write("place.csv", "in place");
      await lamin("add", "--no-copy", "place.csv");
      write("changed.csv", "not recorded");
      const plan = await run(["rm", "same.csv", "changed.csv", "--files", "--dry-run"]);
      assert.match(plan.stderr, /1 of the work tree's files would be removed/);
      assert.equal(read("same.csv"), "same.csv");
      const { code, stderr } = await run(
        ["rm", "same.csv", "changed.csv", "folder.zarr", "place.csv", "--files"],
      );
      assert.equal(code, 0);
      assert.match(stderr, /kept changed\.csv: it is not what was recorded/);
      assert.match(stderr, /kept place\.csv: the store has no other copy of it/);
      assert.equal(read("changed.csv"), "not recorded");
      assert.equal(read("place.csv"), "in place");
      for (const gone of ["same.csv", "folder.zarr"]) {
        assert.throws(() => Deno.statSync(path(gone)), Deno.errors.NotFound);
      }
      await lamin("undo");
      await lamin("get", "same.csv", "folder.zarr");
      assert.deepEqual([read("same.csv"), read("folder.zarr/deep/y")], [
        "same.csv",
        "folder.zarr/deep/y",
      ]);
    });
  },
);

Deno.test(
  "rm --permanent: asks for --force, deletes rows, keeps bytes until gc",
  async () => {
    await withHistory(async (workspace) => {
      const { run, json, lamin } = workspace;
      await addFile(workspace, "a.csv", "1");
      await addFile(workspace, "a.csv", "2");
      await addFile(workspace, "raw/b.csv", "b");
      const [{ _real_key: object }] = await json("list", "artifact", "key=raw/b.csv");
      assert.equal((await run(["rm", "--permanent", "a.csv"])).code, 12);
      assert.equal(
        (await run(["rm", "--permanent", "-r", "raw", "--force"])).code,
        2,
        "not in trash",
      );
      const deleted = await json("rm", "--permanent", "--force", "a.csv@1");
      assert.deepEqual(deleted.map(({ status, uid }) => [status, uid.slice(-4)]), [[
        "deleted",
        "0001",
      ]]);
      assert.deepEqual(await versions(workspace, "live"), [
        "a.csv 0000 latest",
        "raw/b.csv 0000 latest",
      ]);
      await lamin("rm", "-r", "raw");
      const ours = await run(["rm", "--permanent", "-r", "raw", "--force"]);
      assert.equal(ours.stderr.match(/bytes stay until 'lamin gc'|Python/g)?.length, 1);
      assert.deepEqual(await versions(workspace, "trash"), []);
      assert.equal(Deno.readTextFileSync(stored(workspace, object)), "b");
      await lamin("undo");
      assert.deepEqual(await versions(workspace, "trash"), ["raw/b.csv 0000 latest"]);
    });
  },
);

Deno.test("rm: records of Python, by its words too, and by the rules of foreign keys", async () => {
  await withPythonHistory(async (workspace) => {
    const { run, json, lamin } = workspace;
    const labels = await json("rm", "ulabel", "Experiment");
    assert.deepEqual(labels.map(({ name }) => name), [
      "Experiment 2",
      "Candidate marker experiment",
      "Experiment",
    ], "members of a type go first");
    assert.deepEqual((await json("restore", "ulabel", "Experiment")).length, 1);
    const [head] = await json("delete", "artifact", "--key", "models/weights.json");
    assert.equal(head.status, "trashed");
    const byUid = await json("rm", "transform", "--uid", "iTuUSyCZBXiK0001");
    assert.deepEqual(byUid.map(({ status, uid }) => [status, uid]), [
      ["trashed", "iTuUSyCZBXiK0001"],
      ["latest", "iTuUSyCZBXiK0000"],
    ]);
    const used = await run(["rm", "transform", "ingest.py@0", "--permanent", "--force"]);
    assert.equal(used.code, 1);
    assert.match(used.stderr, /cannot delete for good: run \w+ is in use by artifact raw\/counts/);
    const before = await counts(workspace);
    const ofPython = await run(["rm", "raw/counts.csv", "--permanent", "--force"]);
    assert.match(ofPython.stderr, /'lamin undo' brings that back\nfiles that Python wrote .* stay/);
    assert.notDeepEqual(await counts(workspace), before);
    await lamin("undo");
    assert.deepEqual(await counts(workspace), before, "links are back as well");
    assert.equal((await run(["rm", "user", "anonymous"])).code, 2, "users have no trash");
  });
});

Deno.test("rm -r: takes what is shown, and of other branches only what is nowhere else", async () => {
  await withPythonHistory(async ({ json, lamin }) => {
    const keys = async (...words: string[]) => (await json(...words)).map(({ key }) => key).sort();
    const shown = await keys("list", "artifact", "key__isnull=false", "--limit", "0");
    const taken = await keys("rm", "-r", ".", "--dry-run");
    assert.deepEqual([...new Set(taken)], shown, "neither the archive nor another branch");
    assert.deepEqual(await keys("rm", "-r", "old"), ["old/archived.txt"], "named, it is taken");
    await lamin("undo");
  });
});

/** How many records each registry has. */
async function counts({ json }: Workspace): Promise<Record<string, number>> {
  const inputs = await json("list", "run", "input_artifacts__key=raw/counts.csv", "--limit", "0");
  const artifacts = await json("list", "artifact", "--all-versions", "--limit", "0");
  return { inputs: inputs.length, artifacts: artifacts.length };
}

Deno.test("rm: a registry's name is a registry when something follows, unless a key has it", async () => {
  await withHistory(async (workspace) => {
    const { run, json } = workspace;
    await addFile(workspace, "run", "a file called run");
    assert.equal((await run(["rm", "run", "x"])).code, 2, "ambiguous");
    assert.match((await run(["rm", "lamindb.run", "nothing"])).stderr, /there is no run 'nothing'/);
    assert.equal((await json("rm", "./run"))[0].status, "trashed");
    assert.match((await run(["rm", "x", "--uid", "abcd"])).stderr, /'x' is no registry/);
  });
});

Deno.test("rm: an older database is not written", async () => {
  await withPythonInstance("lamindb-1.1.0", async ({ run, json }) => {
    const [{ key }] = await json("list", "artifact", "--limit", "1");
    for (const words of [["rm", key], ["restore", key], ["undo"]]) {
      const { code, stderr } = await run(words);
      assert.ok(code === 14 || code === 1, `${words}: ${stderr}`);
      assert.ok(!stderr.includes("should not happen"), stderr);
    }
  });
});
