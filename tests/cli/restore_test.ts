import assert from "node:assert/strict";
import { addFile, stable, versions, withHistory, withPythonHistory } from "./history.ts";

Deno.test("restore: a key, one version, a folder", async (test) => {
  await withHistory(async (workspace) => {
    const { lamin, json } = workspace;
    for (const content of ["1", "2", "3"]) await addFile(workspace, "raw/a.csv", content);
    await addFile(workspace, "raw/b.csv", "b");
    await lamin("rm", "raw/a.csv@2");
    await lamin("rm", "-r", "raw");
    await test.step("a key with all its versions", async (t) => {
      await t.assertSnapshot(await stable(workspace, await lamin("restore", "raw/a.csv")));
      assert.deepEqual(await versions(workspace, "live"), [
        "raw/a.csv 0000",
        "raw/a.csv 0001 latest",
        "raw/a.csv 0002",
      ]);
    });
    await lamin("rm", "raw/a.csv");
    await test.step("a folder with all below it", async () => {
      const restored = await json("restore", "raw", "--dry-run");
      assert.equal(restored.length, 4);
      assert.deepEqual(await versions(workspace, "live"), []);
      assert.equal((await json("restore", "raw")).length, 4);
    });
    await test.step("one version, the newest of all, is the latest again", async () => {
      await lamin("rm", "raw/a.csv@2", "raw/a.csv@1");
      assert.deepEqual(
        (await json("restore", "raw/a.csv@2")).map(({ status, is_latest }) => [status, is_latest]),
        [["restored", true]],
      );
      assert.deepEqual((await versions(workspace, "live")).slice(0, 2), [
        "raw/a.csv 0000",
        "raw/a.csv 0002 latest",
      ]);
      await lamin("restore", "raw/a.csv");
      assert.deepEqual((await versions(workspace, "live")).slice(0, 3), [
        "raw/a.csv 0000",
        "raw/a.csv 0001",
        "raw/a.csv 0002 latest",
      ]);
    });
  });
});

Deno.test("restore: a key that is taken", async () => {
  await withHistory(async (workspace) => {
    const { lamin, run, json, write } = workspace;
    await addFile(workspace, "a.csv", "old");
    await lamin("rm", "a.csv");
    await addFile(workspace, "a.csv", "new");
    const refused = await run(["restore", "a.csv"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /another artifact has the key a\.csv/);
    assert.match(refused.stderr, /--key NEW/);
    assert.equal((await run(["restore", "a.csv", "--key", "b.txt"])).code, 2, "another suffix");
    const [restored] = await json("restore", "a.csv", "--key", "old/a.csv");
    assert.equal(restored.key, "old/a.csv");
    assert.equal(await lamin("cat", "old/a.csv"), "old");
    await lamin("undo");
    await json("restore", "a.csv", "--force");
    assert.equal((await json("list", "artifact", "key=a.csv")).length, 2);
    await lamin("undo");
    // The content of the one in the trash makes a version of the one in use: a key is one artifact.
    write("a.csv", "old");
    const [added] = await json("add", "a.csv");
    assert.deepEqual([added.status, added.uid.slice(-4), added._hash_type], [
      "new version",
      "0001",
      "sha256",
    ]);
    assert.equal(await lamin("cat", "a.csv"), "old");
  });
});

Deno.test("restore: what is not in the trash is said, with what would help", async () => {
  await withHistory(async (workspace) => {
    const { run, lamin } = workspace;
    await addFile(workspace, "a.csv", "1");
    const [live, absent] = [await run(["restore", "a.csv"]), await run(["restore", "b.csv"])];
    assert.deepEqual([live.code, absent.code], [1, 1]);
    assert.match(live.stderr, /a\.csv is not in the trash/);
    assert.match(absent.stderr, /no artifact 'b\.csv' in the trash/);
    assert.match(absent.stderr, /'lamin list artifact --trash' shows what is there/);
    await lamin("rm", "a.csv");
    assert.equal((await run(["restore", "a.csv", "--branch", "trash"])).code, 2);
    assert.equal((await run(["restore", "a.csv", "--branch", "mian"])).code, 1);
  });
});

Deno.test("restore: what Python put into the trash, to a branch", async () => {
  await withPythonHistory(async ({ json, run }) => {
    const [gone] = await json("restore", "old/gone.txt", "--branch", "my_branch");
    assert.deepEqual([gone.branch_id, gone.is_latest], [2, true]);
    const noted = await run(["restore", "ulabel", "label in trash"]);
    assert.equal(noted.code, 0);
    await json("rm", "notes/on_branch.txt");
    const [back] = await json("restore", "notes/on_branch.txt");
    assert.equal(back.branch_id, 2, "where lamin removed it");
  });
});
