import assert from "node:assert/strict";
import { filesBelow, onDay, sql, stored } from "../../days.ts";
import { withInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { keepFile } from "../fsck/damage.ts";
import { gcLooksHere, onS3 } from "../../test_database.ts";

const objects = (workspace: Workspace) => filesBelow(workspace, ".lamindb/objects");

test(
  "gc: versions, the trash, the archive and other branches keep their bytes",
  gcLooksHere,
  async () => {
    await withInstance(async (workspace) => {
      const { json } = onDay(0, workspace);
      workspace.write("a.csv", "1");
      workspace.write("b.csv", "2");
      workspace.write("c.zarr/0/0", "3");
      await json("add", ".");
      workspace.write("a.csv", "11");
      await json("add", "a.csv");
      await json("rm", "b.csv");
      sql(workspace, "UPDATE lamindb_artifact SET branch_id = 0 WHERE key = 'c.zarr'");
      const before = objects(workspace);
      assert.equal(before.length, 4);
      const later = onDay(1000, workspace);
      assert.deepEqual(await later.json("gc"), []);
      assert.deepEqual(await later.json("gc", "--apply", "--grace", "0"), []);
      assert.deepEqual(objects(workspace), before);
    });
  },
);

test(
  "gc: what was undone stays for the grace period, and can be done again",
  gcLooksHere,
  async () => {
    await withInstance(async (workspace) => {
      workspace.write("a.csv", "x\n1\n");
      workspace.write("f.zarr/0/0", "chunk");
      const [{ uid, _real_key }] = await onDay(0, workspace).json("add", ".");
      const reasons = async (day: number) =>
        (await onDay(day, workspace).json("gc")).map((one) => one.reason ?? one.status);
      await onDay(0, workspace).run("undo");
      assert.equal(new Set(await reasons(1)).size, 1);
      assert.deepEqual(await reasons(1), Array(2).fill("younger than the grace period"));
      await onDay(0, workspace).run("undo", await lastOperation(workspace));
      // The files are old by then, but not the operation.
      await onDay(30, workspace).run("undo");
      const undone = await lastOperation(workspace);
      const why = "an undo within the grace period would need it";
      assert.deepEqual(await reasons(43), [why, why]);
      assert.deepEqual(
        await onDay(43, workspace).json("gc", "--apply"),
        await onDay(43, workspace).json("gc"),
      );
      const again = await onDay(43, workspace).run("undo", undone);
      assert.equal(again.code, 0, again.stderr);
      assert.equal(Deno.readTextFileSync(stored(workspace, _real_key)), "x\n1\n");
      assert.equal((await onDay(43, workspace).run("fsck", "--deep")).code, 0);
      await onDay(44, workspace).run("undo");
      assert.deepEqual(await reasons(59), ["unreferenced", "unreferenced"]);
      const deleted = await onDay(59, workspace).json("gc", "--apply");
      assert.deepEqual(deleted.map((one) => one.status), ["deleted", "deleted"]);
      assert.ok(deleted.some((one) => one.uids.includes(uid)));
      assert.deepEqual(objects(workspace), []);
      const late = await onDay(59, workspace).run("undo", await lastOperation(workspace, "undo"));
      assert.equal(late.code, 1);
      assert.match(late.stderr, /bytes of .* are gone/);
    });
  },
);

async function lastOperation(workspace: Workspace, verb?: string): Promise<string> {
  const log = await onDay(0, workspace).json("op", "log", "-n", "50");
  return log.find((row) => verb === undefined || row.verb === verb).uid;
}

test("gc: what it deletes is told in names and bytes, with its rows", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    const { json } = onDay(0, workspace);
    workspace.write("a.csv", "same");
    workspace.write("b.csv", "same");
    workspace.write("f.zarr/0/0", "chunk");
    workspace.write("keep.txt", "kept");
    await json("add", ".");
    await json("rm", "--permanent", "--force", "a.csv", "b.csv", "f.zarr");
    const [folder, file] = (await json("gc", "--grace", "0")).toSorted((a, b) => b.size - a.size);
    assert.deepEqual([folder.size, folder.n_files, folder.keys], [5, 1, ["f.zarr"]]);
    assert.deepEqual([file.size, file.n_files, file.keys.sort()], [4, null, ["a.csv", "b.csv"]]);
    assert.match(file.name, new RegExp(`^\\.lamindb/objects/../${file.sha256}\\.csv$`));
    const human = await onDay(0, workspace).run("gc", "--apply", "--grace", "0");
    assert.match(human.stdout, /4 B {2}a\.csv \(\w{20}\), b\.csv \(\w{20}\)/);
    assert.match(human.stdout, /deleted: 2 objects that no artifact has \(9 B\)/);
    assert.equal(objects(workspace).length, 1);
    const count = (table: string) => sql(workspace, `SELECT count(*) AS n FROM ${table}`)[0]!["n"];
    assert.deepEqual(
      [count("lamin_object"), count("lamin_manifestfile"), count("lamin_content")],
      [1, 0, 1],
    );
    const [operation] = await json("op", "log", "-n", "1");
    assert.deepEqual([operation.verb, operation.summary], ["gc", "deleted 2 objects (9 B)"]);
    assert.deepEqual(await json("gc", "--apply", "--grace", "0"), [], "nothing is left");
    assert.equal((await json("op", "log", "-n", "1"))[0].uid, operation.uid, "and nothing logged");
    assert.equal((await onDay(0, workspace).run("fsck", "--deep")).stdout.split("\n").length, 2);
  });
});

test("gc: neither data in place nor files of Python are deleted", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    const { json } = onDay(0, workspace);
    if (!onS3) {
      workspace.write("place/a.csv", "in place");
      await json("add", "place/a.csv", "--no-copy");
      await json("rm", "--permanent", "--force", "place/a.csv");
    }
    const file = stored(workspace, ".lamindb/abcdefghijklmnop0000.csv");
    Deno.writeTextFileSync(file, "of Python");
    Deno.mkdirSync(stored(workspace, ".lamindb/ABCDEFGHIJKLMNOP"));
    Deno.writeTextFileSync(stored(workspace, ".lamindb/ABCDEFGHIJKLMNOP/0"), "a folder of Python");
    const left = await onDay(99, workspace).json("gc", "--apply", "--grace", "0");
    assert.deepEqual(
      left.map(({ status, kind, name, size }) => [status, kind, name, size]).sort(),
      [
        ["left alone", "file of Python", ".lamindb/ABCDEFGHIJKLMNOP", 18],
        ["left alone", "file of Python", ".lamindb/abcdefghijklmnop0000.csv", 9],
      ],
    );
    if (!onS3) assert.equal(workspace.read("place/a.csv"), "in place");
    assert.equal(Deno.readTextFileSync(file), "of Python");
  });
});

test("gc: the last copy of what an artifact misses stays", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    const { json } = onDay(0, workspace);
    workspace.write("a.csv", "precious");
    workspace.write("a.txt", "precious");
    workspace.write("f.zarr/0", "precious");
    workspace.write("f.zarr/1", "other");
    workspace.write("place.bin", "precious");
    const added = await json("add", ".");
    const [csv, folder] = ["a.csv", "f.zarr"].map((key) => added.find((row) => row.key === key));
    await json("rm", "--permanent", "--force", "a.txt", "place.bin");
    const statuses = async () =>
      (await json("gc", "--grace", "0")).map((one) => one.reason ?? one.status).toSorted();
    assert.deepEqual(await statuses(), ["unreferenced", "unreferenced"]);
    const lastCopy = "the only other copy of an artifact's bytes";
    const restore = keepFile(stored(workspace, csv._real_key));
    Deno.removeSync(stored(workspace, csv._real_key));
    assert.deepEqual(await statuses(), [lastCopy, lastCopy]);
    Deno.writeTextFileSync(stored(workspace, csv._real_key), "torn");
    assert.deepEqual(await statuses(), [lastCopy, lastCopy], "of another size");
    restore();
    assert.deepEqual(await statuses(), ["unreferenced", "unreferenced"]);
    Deno.removeSync(stored(workspace, `${folder._real_key}/0`));
    assert.deepEqual(await statuses(), [lastCopy, lastCopy], "a file of a folder");
    assert.equal((await onDay(0, workspace).run("fsck", "--repair")).code, 0);
    assert.deepEqual(await statuses(), ["unreferenced", "unreferenced"]);
    if (onS3) return;
    await json("add", "place.bin", "--no-copy");
    assert.deepEqual(await statuses(), [lastCopy, lastCopy], "data in place may change");
  });
});
