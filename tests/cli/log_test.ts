import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { withRaw } from "../raw_database.ts";
import { addFile, stable, withHistory, withPythonHistory } from "./history.ts";
import { test } from "../skip.ts";
import { gcLooksHere } from "../test_database.ts";

Deno.test("log: what commands did, to everything, a folder and an artifact", async (test) => {
  await withHistory(async (workspace) => {
    const { lamin, write } = workspace;
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) write(`raw/${name}.csv`, name);
    await lamin("add", "raw");
    await addFile(workspace, "raw/a.csv", "other");
    await addFile(workspace, "notes.txt", "n");
    await lamin("rm", "raw/a.csv@1");
    await lamin("undo");
    await lamin("mv", "raw/b.csv", "b.csv");
    const shown = async (...words: string[]) =>
      await stable(workspace, await lamin("log", ...words));
    await test.step("everything", async (t) => await t.assertSnapshot(await shown()));
    await test.step("a line each", async (t) => await t.assertSnapshot(await shown("--oneline")));
    await test.step("a folder", async (t) =>
      await t.assertSnapshot(await shown("raw", "--oneline")));
    await test.step("an artifact", async (t) => await t.assertSnapshot(await shown("raw/a.csv")));
    await test.step("one that was renamed", async (t) => {
      await t.assertSnapshot(await shown("b.csv", "--oneline"));
    });
  });
});

Deno.test("log: what Python wrote, by run and by second, beside what commands did", async (test) => {
  await withPythonHistory(async (workspace) => {
    const { lamin, json, root } = workspace;
    await addFile(workspace, "ours.txt", "1");
    const database = new DatabaseSync(`${root}/.lamindb/lamin.db`);
    // Without a run, in three seconds, before all else.
    const insert = database.prepare(
      `INSERT INTO lamindb_artifact (uid, key, suffix, size, hash, _key_is_virtual,
         _overwrite_versions, storage_id, is_latest, created_by_id, created_at)
       VALUES (?, ?, '.csv', 1, ?, 1, 0, 1, 1, 1, ?)`,
    );
    for (let index = 0; index < 12; index++) {
      const time = `2026-11-24 13:00:${10 + Math.floor(index / 5)}.${100 + index}000`;
      const uid = `python0000000${String(100 + index)}0000`;
      insert.run(uid, `loose/${index}.csv`, `hash${index}`, time);
    }
    database.close();
    const entries = await json("log", "-n", "0");
    assert.deepEqual(
      entries.map(({ kind, count }) => `${kind} ${count}`),
      [
        "operation 1",
        ...["run 1", "run 1", "run 17", "run 5", "run 1", "run 2", "run 1", "run 1", "run 1"],
        ...["python 2", "python 5", "python 5"],
      ],
    );
    const everywhere = await json("log", "-n", "0", "--all-branches");
    assert.ok(everywhere.some(({ kind, count }) => kind === "run" && count === 19));
    assert.deepEqual((await json("log", "loose")).map(({ count }) => count), [2, 5, 5]);
    assert.deepEqual(
      (await json("log", "-n", "2", "--until", "2026-11-24 13:00:11.5")).map(({ count }) => count),
      [5, 5],
    );
    const first = entries.at(-1).artifacts.map((one: { key: string }) => one.key);
    assert.deepEqual(first, [0, 1, 2, 3, 4].map((index) => `loose/${index}.csv`));
    await test.step("in words", async (t) => {
      const words = ["log", "--oneline", "-n", "0", "--until", "2026-11-24 13:50"];
      await t.assertSnapshot(await lamin(...words));
    });
    await test.step("a graph of branches", async (t) => {
      const graph = await lamin("log", "notes/notes.txt", "--graph", "--oneline");
      await t.assertSnapshot(graph);
    });
    await test.step("an artifact", async (t) => {
      await t.assertSnapshot(await lamin("log", "raw/counts.csv"));
    });
  });
});

Deno.test("log: filters by time, person and number", async () => {
  await withHistory(async (workspace) => {
    const { json, run, lamin } = workspace;
    for (const content of ["1", "2", "3"]) await addFile(workspace, "a.csv", content);
    assert.equal((await json("log", "-n", "2")).length, 2);
    assert.match((await run(["log", "-n", "2"])).stderr, /-n 0 shows all/);
    assert.equal((await run(["log", "-n", "3"])).stderr, "");
    assert.equal((await json("log", "--since", "1 hour")).length, 3);
    assert.equal((await json("log", "--until", "1 hour")).length, 0);
    assert.equal((await json("log", "a.csv", "--until", "yesterday")).length, 0);
    assert.equal((await json("log", "--author", "anonymous")).length, 3);
    const nobody = await run(["log", "--author", "anonymos"]);
    assert.match(nobody.stderr, /did you mean 'anonymous'/);
    assert.equal((await run(["log", "--since", "soon"])).code, 2);
    assert.equal((await run(["log", "b.csv"])).code, 1);
    const [entry] = await json("log", "a.csv@1");
    assert.deepEqual([entry.event, entry.key, entry.branch], ["new version", "a.csv", "main"]);
    assert.equal(entry.sha256.length, 64);
    const template = await lamin("log", "a.csv", "--format", "{event}\\t{command}", "-n", "1");
    assert.equal(template, 'new version\t["add","a.csv"]\n');
  });
});

test(
  "log: several versions and deletions are told as people write",
  gcLooksHere,
  async () => {
    await withHistory(async (workspace) => {
      const { lamin, write } = workspace;
      for (const content of ["1", "2"]) {
        for (const name of ["a", "b"]) write(name, name + content);
        await lamin("add", ".");
      }
      await lamin("rm", "--permanent", "--force", "b@1");
      await lamin("gc", "--apply", "--grace", "0");
      const log = await lamin("log");
      assert.match(log, /\n {4}2 new versions\n/);
      assert.match(log, /\n {4}deleted 1 object \(2 B\)\n\noperation/, "one empty line");
    });
  },
);

Deno.test("log: -n3 is -n 3", async () => {
  await withHistory(async (workspace) => {
    const { lamin, run } = workspace;
    for (const name of ["a", "b", "c"]) await addFile(workspace, name, name);
    const lines = async (...words: string[]) =>
      (await lamin("log", "--oneline", ...words)).trimEnd().split("\n").length;
    assert.deepEqual([await lines("-n2"), await lines("-n", "1"), await lines("-n=2")], [2, 1, 2]);
    assert.equal((await run(["log", "-nx"])).code, 2, "a value that is none is told");
    assert.match((await run(["log", "--", "-n2"])).stderr, /no artifact '-n2'/);
  });
});

Deno.test("log: an operation is one entry however Python's rows lie between", async () => {
  await withHistory(async (workspace) => {
    const { json, write, lamin, root } = workspace;
    for (let index = 0; index < 30; index++) write(`many/${index}.csv`, String(index));
    await lamin("add", "many");
    await lamin("undo");
    await lamin("undo", (await json("op", "log", "-n", "1"))[0].uid);
    withRaw(root, (database) =>
      database.run(
        "UPDATE lamindb_artifact SET created_at = '2020-01-01 00:00:00' WHERE id % 2 = 0",
      ));
    const entries = await json("log", "-n", "0");
    assert.deepEqual(entries.map(({ kind, count }) => [kind, count]), [
      ["operation", 30],
      ["operation", 30],
      ["operation", 30],
    ]);
    assert.deepEqual((await json("log", "many")).map(({ count }) => count), [30, 30, 30]);
  });
});
