import assert from "node:assert/strict";
import { addFile, stable, withHistory, withPythonHistory } from "./history.ts";

Deno.test("op log: every command that changed something is an entry", async (test) => {
  await withHistory(async (workspace) => {
    const { lamin, run, json } = workspace;
    assert.equal(await lamin("op", "log"), "", "a new instance has no operations");
    await addFile(workspace, "raw/a b.csv", "1");
    await lamin("add", "raw/a b.csv");
    await addFile(workspace, "raw/a b.csv", "2");
    await lamin("rm", "raw/a b.csv@1");
    await lamin("undo");
    await test.step("in words", async (t) => {
      await t.assertSnapshot(await stable(workspace, await lamin("op", "log")));
    });
    const operations = await json("op", "log");
    assert.deepEqual(operations.map(({ verb }) => verb), ["undo", "rm", "add", "add"]);
    const [undo, rm, add] = operations;
    assert.deepEqual(add.command, ["add", "raw/a b.csv"]);
    assert.deepEqual([undo.undoes, rm.undone_by], [rm.uid, undo.uid]);
    assert.equal((await json("op", "log", "-n", "2")).length, 2);
    assert.match((await run(["op", "log", "-n", "1"])).stderr, /-n 0 shows all/);
    await test.step("what one changed", async (t) => {
      const shown = [];
      for (const { uid } of operations) shown.push(await lamin("op", "show", uid));
      await t.assertSnapshot(await stable(workspace, shown.join("\n")));
    });
    const [shown] = await json("op", "show", rm.uid.slice(0, 6));
    const heads = shown.changes.map((one: { fields: object }) => one.fields);
    assert.deepEqual(heads, [
      { branch_id: { before: 1, after: -1 }, is_latest: { before: true, after: false } },
      { is_latest: { before: false, after: true } },
    ]);
  });
});

Deno.test("op: words that mean nothing", async () => {
  await withHistory(async ({ run }) => {
    assert.equal((await run(["op", "lo"])).code, 2);
    assert.match((await run(["op", "lo"])).stderr, /did you mean 'lamin op log'/);
    assert.equal((await run(["op", "show"])).code, 2);
    assert.equal((await run(["op", "show", "abcdefgh"])).code, 1);
    assert.match((await run(["op", "show", "abc"])).stderr, /takes 4 characters at least/);
    assert.equal((await run(["op", "log", "more"])).code, 2);
    assert.match(
      (await run(["op", "log", "more"])).stderr,
      /does not know 'more'\n.*'lamin op log' lists/,
    );
  });
});

Deno.test("op log: an instance that only Python wrote has none, and is not changed", async () => {
  await withPythonHistory(async ({ lamin, root }) => {
    const before = Deno.readFileSync(`${root}/.lamindb/lamin.db`);
    for (const words of [["op", "log"], ["log"], ["log", "raw/counts.csv"], ["log", "raw"]]) {
      await lamin(...words);
    }
    assert.deepEqual(Deno.readFileSync(`${root}/.lamindb/lamin.db`), before);
  });
});
