import assert from "node:assert/strict";
import { remoteStores } from "../../../cli/remote_stores.ts";
import { currentHost } from "../../../store/host/select.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { filesBelow, onDay, sql } from "../../days.ts";
import { withInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { onlyLocal } from "../../test_database.ts";
import { refuseRows } from "../../raw_database.ts";

/** An instance with two objects that no artifact has. */
async function withGarbage(work: (workspace: Workspace) => Promise<void>): Promise<void> {
  await withInstance(async (workspace) => {
    workspace.write("a.csv", "one");
    workspace.write("f.zarr/0/0", "two");
    const { json } = onDay(0, workspace);
    await json("add", ".");
    await json("rm", "--permanent", "--force", "a.csv", "f.zarr");
    await work(workspace);
  });
}

test("gc: when the operation cannot be committed, everything is as before", onlyLocal, async () => {
  await withGarbage(async (workspace) => {
    const before = filesBelow(workspace, ".lamindb/objects");
    const allow = refuseRows(workspace.root, "lamin_operation");
    assert.notEqual((await onDay(0, workspace).run("gc", "--apply", "--grace", "0")).code, 0);
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects"), before);
    assert.equal(sql(workspace, "SELECT * FROM lamin_object").length, 2);
    allow();
    assert.equal((await onDay(0, workspace).json("gc", "--apply", "--grace", "0")).length, 2);
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects"), []);
  });
});

test("gc: what an addition under way may have stored is not touched", onlyLocal, async () => {
  await withGarbage(async (workspace) => {
    const store = new DiskBlobStore(await currentHost(), workspace.root);
    const batch = store.batch();
    const name = `.lamindb/objects/ab/${"ab".repeat(32)}.txt`;
    const staged = batch.create();
    staged.write(new Uint8Array(3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    batch.name(staged, name);
    await batch.publish();
    const during = await onDay(0, workspace).json("gc", "--apply", "--grace", "0");
    const statuses = Object.fromEntries(during.map((one) => [one.name, one.reason ?? one.status]));
    assert.equal(statuses[name], "an addition is under way");
    assert.deepEqual(Object.values(statuses).filter((status) => status === "deleted").length, 2);
    batch.discard();
    const after = await onDay(0, workspace).json("gc", "--apply", "--grace", "0");
    assert.deepEqual(after.map((one) => [one.name, one.status]), [[name, "deleted"]]);
  });
});

test("gc: an object that comes into use between plan and deletion stays", onlyLocal, async () => {
  await withGarbage(async (workspace) => {
    const { openInstance } = await import("../../../core/instance/open.ts");
    const { planGarbage } = await import("../../../core/gc/plan.ts");
    const { collectGarbage } = await import("../../../core/gc/collect.ts");
    const host = { ...await currentHost(), homeDirectory: () => workspace.home };
    const instance = await openInstance(host, {
      openRemote: (root) => remoteStores(host, root),
      wanted: workspace.root,
      loadRegistries: () => Promise.resolve([]),
    });
    try {
      const plan = await planGarbage(instance, { graceMs: 0 });
      assert.equal(plan.collectable.length, 2);
      await onDay(0, workspace).json("add", "a.csv");
      const operation = { verb: "gc", command: ["gc"] };
      const { objects } = await collectGarbage(instance, plan, 0, operation);
      assert.deepEqual(objects.map(({ isFolder }) => isFolder), [true]);
      assert.equal((await onDay(0, workspace).run("fsck", "--deep")).code, 0);
      assert.deepEqual((await collectGarbage(instance, plan, 0, operation)).objects, []);
    } finally {
      await instance.close();
    }
  });
});
