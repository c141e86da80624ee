import assert from "node:assert/strict";
import { mutate } from "../../../core/operation/mutate.ts";
import { transform } from "../../../core/registry/lamindb/transform.ts";
import { LaminError } from "../../../store/errors.ts";
import { withInstance } from "../../lamin.ts";
import { ensure, inProcess, transforms } from "./ensure.ts";

Deno.test("transform: a version for each source, found again by its hash", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const first = await ensure(instance, { key: "qc.py", source: "one", description: "a check" });
      assert.match(first.uid, /^[0-9A-Za-z]{12}0000$/);
      assert.equal((await ensure(instance, { key: "qc.py", source: "one" })).id, first.id);
      const second = await ensure(instance, { key: "qc.py", source: "two" });
      assert.equal(second.uid, first.uid.slice(0, 12) + "0001");
      assert.equal(second.description, "a check");
      // The first source again is the first version, which is not the latest then, as in Python.
      assert.equal((await ensure(instance, { key: "qc.py", source: "one" })).id, first.id);
      const third = await ensure(instance, { key: "qc.py", source: "three" });
      assert.equal(third.uid.slice(12), "0002");
      // Of the same source elsewhere there is a copy, which is no version of this.
      const copy = await ensure(instance, { key: "b/qc.py", source: "three" });
      assert.notEqual(copy.uid.slice(0, 12), third.uid.slice(0, 12));
      assert.deepEqual((await transforms(instance)).map(({ is_latest }) => is_latest), [
        false,
        false,
        true,
        true,
      ]);
    })
  );
});

Deno.test("transform: a file that was renamed keeps its row", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const before = await ensure(instance, { key: "old.py", source: "one" });
      const after = await ensure(instance, {
        key: "new.py",
        source: "one",
        isGone: (key) => key === "old.py",
      });
      assert.deepEqual([after.id, after.key], [before.id, "new.py"]);
    })
  );
});

Deno.test("transform: without a source there is one version, which a source later fills", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const draft = await ensure(instance, { key: "samtools", kind: "pipeline" });
      assert.deepEqual([draft.source_code, draft.hash, draft.kind], [null, null, "pipeline"]);
      assert.equal((await ensure(instance, { key: "samtools" })).id, draft.id);
      const filled = await ensure(instance, { key: "samtools", source: "x" });
      assert.deepEqual([filled.id, filled.source_code], [draft.id, "x"]);
    })
  );
});

Deno.test("transform: secrets are not stored, and the hash is of what was written", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const wanted = { key: "a.py", source: 'token = "S3CRET"\n' };
      const row = await ensure(instance, wanted);
      assert.equal(row.source_code, 'token = "***REDACTED***"\n');
      assert.equal((await ensure(instance, wanted)).id, row.id);
      assert.notEqual((await ensure(instance, { ...wanted, source: row.source_code! })).id, row.id);
    })
  );
});

Deno.test("transform: the uid that the code names counts more than its key", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const uid = "abcdefABCDEF";
      const first = await ensure(instance, { key: "a.py", source: "one", uid });
      assert.equal(first.uid, `${uid}0000`);
      const second = await ensure(instance, { key: "b.py", source: "two", uid });
      assert.deepEqual([second.uid, second.key], [`${uid}0001`, "b.py"]);
      const fifth = await ensure(instance, { key: "b.py", source: "five", uid: `${uid}0004` });
      assert.equal(fifth.uid, `${uid}0004`);
      const next = await ensure(instance, { key: "b.py", source: "six", uid: `${uid}0004` });
      assert.equal(next.uid, `${uid}0005`);
      const other = await ensure(instance, { key: "c.py", source: "c", uid: "0123456789ab0007" });
      assert.equal(other.uid, "0123456789ab0007");
      for (const bad of [{ uid: "short" }, { uid: "0123456789a%" }, { key: "" }]) {
        await assert.rejects(
          ensure(instance, { key: "d.py", source: "d", ...bad }),
          (error) => error instanceof LaminError && error.code === "usage",
        );
      }
    })
  );
});

Deno.test("transform: a branch has a latest version of its own, and main's is seen from it", async () => {
  await withInstance(async (workspace) => {
    await workspace.lamin("switch", "-c", "draft");
    await inProcess(workspace, async (instance) => {
      const onMain = await ensure(instance, { key: "a.py", source: "one" });
      assert.equal(
        (await ensure(instance, { key: "a.py", source: "one", branchId: 2 })).id,
        onMain.id,
      );
      const onBranch = await ensure(instance, { key: "a.py", source: "two", branchId: 2 });
      assert.deepEqual([onBranch.uid.slice(12), onBranch.branch_id], ["0001", 2]);
      const later = await ensure(instance, { key: "a.py", source: "three" });
      assert.equal(later.uid.slice(12), "0002");
      assert.deepEqual((await transforms(instance)).map((row) => row.is_latest), [
        false,
        true,
        true,
      ]);
    });
  });
});

Deno.test("transform: what was removed comes back with its source, and no uid is given twice", async () => {
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      const row = await ensure(instance, { key: "a.py", source: "one" });
      const next = await ensure(instance, { key: "a.py", source: "two" });
      const change = async (work: "trash" | "delete") => {
        await mutate(instance, { verb: "test", command: [] }, async (changes) => {
          const [head] = await changes.reader.select(transform, "id = ?", [next.id]);
          if (work === "delete") await changes.delete(transform, [head!]);
          else await changes.update(transform, [head!], { branch_id: -1, is_latest: false });
          const [first] = await changes.reader.select(transform, "id = ?", [row.id]);
          await changes.update(transform, [first!], { is_latest: true });
          return { result: undefined, summary: "" };
        });
      };
      await change("trash");
      const back = await ensure(instance, { key: "a.py", source: "two" });
      assert.deepEqual([back.id, back.branch_id], [next.id, 1]);
      const heads = (await transforms(instance)).filter(({ is_latest }) => is_latest);
      assert.deepEqual(heads.map(({ id }) => id), [next.id]);
      await change("delete");
      const third = await ensure(instance, { key: "a.py", source: "three" });
      assert.equal(third.uid.slice(12), "0002");
    })
  );
});
