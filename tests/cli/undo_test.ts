import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import type { Workspace } from "../lamin.ts";
import { withRaw } from "../raw_database.ts";
import { addFile, stable, versions, withHistory, withPythonHistory } from "./history.ts";
import { test } from "../skip.ts";
import { gcLooksHere, onlyLocal } from "../test_database.ts";

/** Rows of all of LaminDB's tables that commands touch, and of what is noted of contents. */
function rows({ root }: Workspace): Record<string, unknown[]> {
  return withRaw(root, (database) => {
    const tables = [
      "lamindb_artifact",
      "lamindb_ulabel",
      "lamindb_transform",
      "lamindb_run",
      "lamindb_artifact_input_of_runs",
      "lamindb_artifactulabel",
      "lamin_content",
    ];
    return Object.fromEntries(
      tables.map((table) => [table, database.all(`SELECT * FROM ${table} ORDER BY id`)]),
    );
  });
}

async function uidOf({ json }: Workspace, verb: string): Promise<string> {
  const found = (await json("op", "log", "-n", "0")).find((one) => one.verb === verb);
  assert.ok(found, verb);
  return found.uid;
}

Deno.test("undo: every kind of change, one after another, back to the start and forth again", async () => {
  await withHistory(async (workspace) => {
    const { lamin, run, json } = workspace;
    await addFile(workspace, "first.txt", "1");
    const states = [rows(workspace)];
    const changes = [
      () => addFile(workspace, "a.csv", "1"),
      () => addFile(workspace, "a.csv", "2"),
      () => addFile(workspace, "a.csv", "1"),
      () => lamin("add", "a.csv", "-m", "described"),
      () => lamin("mv", "a.csv", "raw/a.csv"),
      () => lamin("rm", "raw/a.csv@1"),
      () => lamin("rm", "raw/a.csv"),
      () => lamin("restore", "raw/a.csv"),
      () => lamin("rm", "--permanent", "--force", "raw/a.csv"),
    ];
    for (const change of changes) {
      await change();
      states.push(rows(workspace));
    }
    for (let index = changes.length - 1; index >= 0; index--) {
      await lamin("undo");
      assert.deepEqual(rows(workspace), states[index], `after undoing change ${index}`);
    }
    assert.equal(workspace.read("a.csv"), "1", "mv was undone with its file");
    const undos = (await json("op", "log", "-n", "0")).filter((one) => one.undoes !== null);
    assert.equal(undos.length, changes.length);
    for (const [index, { uid }] of undos.entries()) {
      await lamin("undo", uid);
      assert.deepEqual(rows(workspace), states[index + 1], `after doing change ${index} again`);
    }
    assert.equal(workspace.read("raw/a.csv"), "1");
    assert.equal((await run(["undo", undos[0].uid])).code, 1, "that undo is undone");
  });
});

Deno.test("undo: what it says, and what --dry-run shows", async (test) => {
  await withHistory(async (workspace) => {
    const { lamin, run } = workspace;
    for (const words of [["undo"], ["undo", "abcd"], ["undo", "?"]]) {
      assert.equal((await run(words)).code, 1);
    }
    await addFile(workspace, "a.csv", "1");
    await addFile(workspace, "a.csv", "2");
    await lamin("mv", "a.csv", "b.csv");
    const before = rows(workspace);
    const plan = await stable(workspace, await lamin("undo", "--dry-run"));
    assert.deepEqual(rows(workspace), before);
    const done = await stable(workspace, await lamin("undo"));
    const again = await stable(workspace, await lamin("undo"));
    await test.step("in words", (t) => t.assertSnapshot([plan, done, again].join("\n")));
    const json = JSON.parse(await lamin("undo", "--json"));
    assert.deepEqual(
      [json.verb, json.removed, json.restored, json.changed, json.files],
      ["add", 2, 0, 0, []],
      "the artifact and what is noted of its content",
    );
  });
});

Deno.test("undo: refused, by name, when something later depends on it", async () => {
  await withHistory(async (workspace) => {
    const { lamin, run } = workspace;
    await addFile(workspace, "a.csv", "1");
    const added = await uidOf(workspace, "add");
    await lamin("rm", "a.csv");
    const removed = await uidOf(workspace, "rm");
    const before = rows(workspace);
    const later = await run(["undo", added]);
    assert.equal(later.code, exitCode.failed);
    assert.match(later.stderr, new RegExp(`records were changed later by rm ${removed}`));
    assert.match(later.stderr, new RegExp(`lamin undo ${removed}`));
    await addFile(workspace, "a.csv", "another artifact now");
    const taken = await run(["undo", removed]);
    assert.match(taken.stderr, /another artifact has the key a\.csv now/);
    assert.deepEqual(rows(workspace).lamindb_ulabel, before.lamindb_ulabel);
    assert.deepEqual(await versions(workspace, "trash"), ["a.csv 0000 latest"]);
    // A pair of operations that came to nothing is no obstacle.
    await lamin("undo");
    await lamin("undo", removed);
    await lamin("undo", added);
    assert.deepEqual(await versions(workspace, "live"), []);
  });
});

Deno.test("undo: refused when Python has changed or used the rows since", async () => {
  await withPythonHistory(async (workspace) => {
    const { lamin, run, root } = workspace;
    const python = (sql: string) => {
      withRaw(root, (database) => database.run(sql));
    };
    await addFile(workspace, "a.csv", "1");
    const added = await uidOf(workspace, "add");
    python(
      `INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id, created_at)
       SELECT a.id, l.id, 1, '2026-11-24 00:00:00' FROM lamindb_artifact AS a, lamindb_ulabel AS l
       WHERE a.key = 'a.csv' AND l.name = 'DMSO'`,
    );
    const labelled = await run(["undo"]);
    assert.equal(labelled.code, 1);
    assert.match(labelled.stderr, /artifact a\.csv is in use by ArtifactULabel \d+/);
    python(
      `DELETE FROM lamindb_artifactulabel
       WHERE ulabel_id IN (SELECT id FROM lamindb_ulabel WHERE name = 'DMSO')
         AND artifact_id = (SELECT max(id) FROM lamindb_artifact)`,
    );
    await lamin("rm", "raw/counts.csv");
    python("UPDATE lamindb_artifact SET branch_id = 1 WHERE key = 'raw/counts.csv'");
    const restored = await run(["undo"]);
    assert.match(restored.stderr, /artifact raw\/counts\.csv has another branch_id/);
    // A new version that Python made of one that a command had made.
    await addFile(workspace, "a.csv", "2");
    python(
      `UPDATE lamindb_artifact SET is_latest = 0 WHERE key = 'a.csv';
       INSERT INTO lamindb_artifact (uid, key, suffix, hash, _key_is_virtual, _overwrite_versions,
         storage_id, is_latest, created_by_id) SELECT substr(uid, 1, 16) || '0002', key, suffix,
         'python', 1, 0, storage_id, 1, 1 FROM lamindb_artifact WHERE uid LIKE '%0001' AND key = 'a.csv'`,
    );
    const superseded = await run(["undo"]);
    assert.match(superseded.stderr, /artifact a\.csv has the later version \w{16}0002/);
    const first = await run(["undo", added]);
    assert.equal(first.code, 1);
    // A new version that Python made of the first one.
    await addFile(workspace, "b.csv", "1");
    python(
      `UPDATE lamindb_artifact SET is_latest = 0 WHERE key = 'b.csv';
       INSERT INTO lamindb_artifact (uid, key, suffix, hash, _key_is_virtual, _overwrite_versions,
         storage_id, is_latest, created_by_id, created_at)
       SELECT substr(uid, 1, 16) || '0001', key, suffix, 'python b', 1, 0, storage_id, 1, 1,
         '2999-01-01 00:00:00' FROM lamindb_artifact WHERE key = 'b.csv'`,
    );
    const only = await run(["undo"]);
    assert.match(only.stderr, /artifact b\.csv has the later version \w{16}0001/);
  });
});

test(
  "undo: what needs bytes that gc has deleted is refused, gc too",
  gcLooksHere,
  async () => {
    await withHistory(async (workspace) => {
      const { lamin, run, json } = workspace;
      await addFile(workspace, "a.csv", "1");
      await addFile(workspace, "b.csv", "2");
      await lamin("undo");
      const undone = await uidOf(workspace, "undo");
      await lamin("gc", "--apply", "--grace", "0");
      const again = await run(["undo", undone]);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /the bytes of artifact b\.csv are gone/);
      const collected = await run(["undo"]);
      assert.equal(collected.code, 1);
      assert.match(collected.stderr, /cannot undo gc \w+: the bytes of .* are deleted/);
      const [add] = (await json("op", "log", "-n", "0")).filter(({ verb }) => verb === "add")
        .reverse();
      assert.match(
        collected.stderr,
        new RegExp(`'lamin undo ${add.uid}' is for the one before it`),
      );
      await lamin("undo", add.uid);
      assert.deepEqual(await versions(workspace, "live"), []);
    });
  },
);

Deno.test("undo: a file in the way of one that goes back stops it whole", async () => {
  await withHistory(async (workspace) => {
    const { lamin, run, write, read } = workspace;
    await addFile(workspace, "a.csv", "1");
    await lamin("mv", "a.csv", "b.csv");
    write("a.csv", "mine");
    const before = rows(workspace);
    const { code, stderr } = await run(["undo"]);
    assert.equal(code, 1);
    assert.match(stderr, /there is something else at a\.csv already/);
    assert.deepEqual(rows(workspace), before);
    assert.deepEqual([read("a.csv"), read("b.csv")], ["mine", "1"]);
  });
});

test("undo: bytes in place move back with their key", onlyLocal, async () => {
  await withHistory(async (workspace) => {
    const { lamin, write, read } = workspace;
    write("place/a.csv", "in place");
    await lamin("add", "--no-copy", "place/a.csv");
    await lamin("mv", "place/a.csv", "b.csv");
    assert.equal(await lamin("cat", "b.csv"), "in place");
    await lamin("undo");
    assert.equal(await lamin("cat", "place/a.csv"), "in place");
    assert.equal(read("place/a.csv"), "in place");
  });
});

Deno.test("undo: a log that names what is not there does no harm", async () => {
  await withHistory(async (workspace) => {
    const { run, root, json } = workspace;
    await addFile(workspace, "a.csv", "1");
    const before = rows(workspace);
    for (
      const table of ["lamin_nothing", "sqlite_master", "lamindb_artifact; DROP TABLE lamindb_run"]
    ) {
      withRaw(
        root,
        (database) => database.run("UPDATE lamin_change SET table_name = ? WHERE id = 1", table),
      );
      const { code, stderr } = await run(["undo"]);
      assert.equal(code, exitCode.denied, stderr);
      assert.match(stderr, /does not know/);
    }
    assert.deepEqual(rows(workspace), before);
    const [operation] = await json("op", "log");
    const { code } = await run(["op", "show", operation.uid]);
    assert.equal(code, 0);
  });
});
