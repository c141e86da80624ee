import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { remoteStores } from "../../../cli/remote_stores.ts";
import { collectGarbage } from "../../../core/gc/collect.ts";
import { planGarbage } from "../../../core/gc/plan.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { currentHost } from "../../../store/host/select.ts";
import { filesBelow, onDay, sql } from "../../days.ts";
import { withInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { gcLooksHere, onlyLocal, onS3, testEnvironment } from "../../test_database.ts";
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

async function open({ root, home }: Workspace): Promise<Instance> {
  const host = {
    ...await currentHost(),
    homeDirectory: () => home,
    environment: (name: string) => testEnvironment[name],
  };
  return await openInstance(host, {
    openRemote: (root) => remoteStores(host, root),
    wanted: root,
    loadRegistries: () => Promise.resolve([]),
  });
}

test(
  "gc: when the operation cannot be committed, everything is as before",
  onlyLocal,
  async () => {
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
  },
);

test("gc: what an addition under way may have stored is not touched", gcLooksHere, async () => {
  await withGarbage(async (workspace) => {
    const instance = await open(workspace);
    const batch = instance.blobs.batch();
    const bytes = new Uint8Array(3);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const name = `.lamindb/objects/${sha256.slice(0, 2)}/${sha256}.txt`;
    const staged = batch.create();
    staged.write(bytes);
    await new Promise((resolve) => setTimeout(resolve, 20));
    batch.name(staged, name);
    await batch.publish();
    const during = await onDay(0, workspace).json("gc", "--apply", "--grace", "0");
    const statuses = Object.fromEntries(during.map((one) => [one.name, one.reason ?? one.status]));
    assert.equal(statuses[name], "an addition is under way");
    // A server does not tell what was written in the second before.
    const deleted = Object.values(statuses).filter((status) => status === "deleted").length;
    if (!onS3) assert.equal(deleted, 2);
    batch.discard();
    await instance.close();
    const after = await onDay(0, workspace).json("gc", "--apply", "--grace", "0");
    assert.equal(after.length, 3 - deleted);
    assert.equal(after.find((one) => one.name === name).status, "deleted");
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects"), []);
  });
});

test("gc: an object that comes into use between plan and deletion stays", gcLooksHere, async () => {
  await withGarbage(async (workspace) => {
    const instance = await open(workspace);
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
