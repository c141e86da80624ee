import assert from "node:assert/strict";
import { dirname } from "../../../store/path.ts";
import { filesBelow, onDay, sql, stored } from "../../days.ts";
import { withInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { gcLooksHere, onS3, storageRootOf } from "../../test_database.ts";

/** Adds one object, and makes its row speak of it in some other way. */
async function addThenPut(
  workspace: Workspace,
  place: (key: string) => Form,
): Promise<void> {
  workspace.write("a.csv", "x\n");
  const [{ _real_key }] = await onDay(0, workspace).json("add", "a.csv");
  const { real_key, root } = place(_real_key);
  if (root !== undefined) {
    sql(
      workspace,
      `INSERT INTO lamindb_storage (id, uid, root, type, instance_uid, is_locked, branch_id,
         created_on_id, space_id, created_by_id, created_at, updated_at)
       SELECT 77, 'abcdefghijkl', ?, type, instance_uid, is_locked, branch_id, created_on_id,
         space_id, created_by_id, created_at, updated_at FROM lamindb_storage WHERE id = 1`,
      root,
    );
    sql(workspace, "UPDATE lamindb_artifact SET storage_id = 77");
    if (root === "") sql(workspace, "DELETE FROM lamindb_storage WHERE id = 77");
  }
  sql(workspace, "UPDATE lamindb_artifact SET _real_key = ?", real_key);
  sql(workspace, "DELETE FROM lamin_content");
}

interface Form {
  readonly real_key: string;
  /** Of the storage that it is said to be in, if another one. */
  readonly root?: string;
}

/** From the key of an object and the root of its storage, with what follows a root of a bucket. */
const forms: Record<string, (key: string, root: string, query: string) => Form> = {
  "as it stands": (key) => ({ real_key: key }),
  "with dots": (key) => ({ real_key: `./${key}` }),
  "with a detour": (key) => ({ real_key: `x/../${key}` }),
  "with doubled slashes": (key) => ({ real_key: key.replaceAll("/", "//") }),
  "in a storage around it": (key, root, query) => ({
    real_key: `${root.split("/").at(-1)}/${key}`,
    root: root.slice(0, root.lastIndexOf("/")) + query,
  }),
  "in a storage below it": (key, root, query) => ({
    real_key: key.replace(".lamindb/", ""),
    root: `${root}/.lamindb${query}`,
  }),
  "in a storage with a URL": (key, root, query) => ({
    real_key: key,
    root: root.startsWith("/") ? `file://${root}` : `${root}/${query}`,
  }),
  "in a storage that cannot be told": (key) => ({ real_key: key, root: "../atlas" }),
  "in a storage that is not there": (key) => ({ real_key: key, root: "" }),
  "as a file in its folder": (key) => ({ real_key: `${key}/0/0` }),
  "as the folder of many objects": (key) => ({ real_key: key.split("/").slice(0, 3).join("/") }),
  "as the folder of all objects": () => ({ real_key: ".lamindb/objects" }),
  "as the whole of .lamindb": () => ({ real_key: ".lamindb" }),
};

for (const [name, form] of Object.entries(forms)) {
  test(`gc: an object stays that a row refers to ${name}`, gcLooksHere, async () => {
    await withInstance(async (workspace) => {
      const [root, query] = storageRootOf(workspace.root).split(/(?=\?)/);
      await addThenPut(workspace, (key) => form(key, root!, query ?? ""));
      assert.deepEqual(await onDay(99, workspace).json("gc", "--apply"), []);
      assert.equal(filesBelow(workspace, ".lamindb/objects").length, 1);
    });
  });
}

test("gc: an object goes that rows refer to only in another storage", gcLooksHere, async () => {
  for (const elsewhere of ["/elsewhere", "s3://bucket/folder"]) {
    await withInstance(async (workspace) => {
      await addThenPut(workspace, (key) => ({ real_key: key, root: elsewhere }));
      const [{ status }] = await onDay(99, workspace).json("gc", "--apply");
      assert.equal(status, "deleted");
    });
  }
});

test(
  "gc: with a row in the log that cannot be read, nothing is collected",
  gcLooksHere,
  async () => {
    await withInstance(async (workspace) => {
      workspace.write("a.csv", "x\n");
      await onDay(0, workspace).json("add", "a.csv");
      await onDay(0, workspace).run("undo");
      for (const before of ["3", "{}", '{"uid": 1}', "[]"]) {
        sql(
          workspace,
          "UPDATE lamin_change SET before = ? WHERE table_name = 'lamindb_artifact'",
          before,
        );
        const { code, stderr } = await onDay(0, workspace).run("gc", "--apply", "--grace", "1h");
        assert.equal(code, 13);
        assert.match(stderr, /cannot be read/);
      }
      assert.equal(filesBelow(workspace, ".lamindb/objects").length, 1);
    });
  },
);

test("gc: objects of another instance are not its own", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    await withInstance(async (other) => {
      other.write("a.csv", "x\n");
      const [{ storage_id }] = await onDay(0, other).json("add", "a.csv");
      const [row] = sql(other, "SELECT * FROM lamindb_storage WHERE id = ?", storage_id);
      await onDay(0, other).json("rm", "--permanent", "--force", "a.csv");
      sql(
        workspace,
        `INSERT INTO lamindb_storage (id, uid, root, type, instance_uid, is_locked, branch_id,
           created_on_id, space_id, created_by_id, created_at, updated_at)
         SELECT 77, ?, ?, type, ?, is_locked, branch_id, created_on_id, space_id, created_by_id,
           created_at, updated_at FROM lamindb_storage WHERE id = 1`,
        String(row!["uid"]),
        other.root,
        String(row!["instance_uid"]),
      );
      assert.deepEqual(await onDay(99, workspace).json("gc", "--apply", "--grace", "0"), []);
      assert.equal(filesBelow(other, ".lamindb/objects").length, 1);
    });
  });
});

test("gc: what is no object is left where it is", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    const names = [
      "ab/readme.txt",
      `ab/${"c".repeat(64)}.csv`,
      `ab/ab${"c".repeat(61)}.csv`,
      `AB/${"ab".repeat(32)}`,
      "notes.txt",
      "damaged/x/y",
    ];
    const pathOf = (name: string) => stored(workspace, `.lamindb/objects/${name}`);
    for (const name of names) {
      Deno.mkdirSync(dirname(pathOf(name)), { recursive: true });
      Deno.writeTextFileSync(pathOf(name), "mine");
    }
    if (!onS3) Deno.symlinkSync(workspace.root, pathOf(`ab/${"ab".repeat(32)}.zarr`));
    assert.deepEqual(await onDay(99, workspace).json("gc", "--apply", "--grace", "0"), []);
    for (const name of names) assert.equal(Deno.readTextFileSync(pathOf(name)), "mine");
    const strays = (await onDay(0, workspace).json("fsck")).filter(({ kind }) => kind === "stray");
    assert.equal(strays.length, onS3 ? 5 : 6);
  });
});
