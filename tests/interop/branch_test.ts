import assert from "node:assert/strict";
import { modules } from "../../cli/modules.ts";
import { lamindbRegistries } from "../../core/registry/lamindb/index.ts";
import { hasBranches } from "../../core/version/family.ts";
import { withInstance, type Workspace } from "../lamin.ts";
import { withRaw } from "../raw_database.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

const withBionty = ["--modules", "bionty"];

async function add({ json, write }: Workspace, path: string, content: string): Promise<void> {
  write(path, content);
  await json("add", path);
}

/** Branches and latest versions of all that lies on branches, and the state of branches. */
function everything({ root }: Workspace) {
  const tables = [...lamindbRegistries, ...modules.flatMap(({ registries }) => registries)];
  return withRaw(root, (database) => ({
    branches: database.all("SELECT id, name, _status_code FROM lamindb_branch ORDER BY id"),
    texts: database.all("SELECT id, branch_id FROM lamindb_branchblock ORDER BY id"),
    rows: Object.fromEntries(
      tables.filter(hasBranches).map(({ name, columns }) => {
        const latest = "is_latest" in columns ? ", is_latest" : "";
        return [
          name,
          database.all(`SELECT id, branch_id, created_on_id${latest} FROM ${name} ORDER BY id`),
        ];
      }),
    ),
  }));
}

test("interop: a merge moves the rows of the tables of which Python's does", noPython, async () => {
  await withInstance(async (workspace) => {
    const registries = [...lamindbRegistries, ...modules.flatMap(({ registries }) => registries)];
    const own = registries.filter(hasBranches).map(({ name }) => name).sort();
    assert.deepEqual(own, await python(workspace, "branches.py", "tables"));
  }, withBionty);
});

test("interop: Python and lamin are on the same branch, whoever switched", noPython, async () => {
  await withInstance(async (workspace) => {
    const { lamin, json, run } = workspace;
    await add(workspace, "a.csv", "1");
    await lamin("switch", "-c", "of lamin");
    await add(workspace, "a.csv", "2");
    await add(workspace, "lamin.csv", "l");
    const state = await python(workspace, "branches.py", "state");
    assert.deepEqual([state.current, state.shown], ["of lamin", ["a.csv", "a.csv", "lamin.csv"]]);
    await lamin("branch", "--status", "draft");
    const switched = await python(workspace, "branches.py", "switch", "of python", "create");
    assert.deepEqual(
      switched.branches.slice(3).map(([id, , ...rest]: unknown[]) => [id, ...rest]),
      [
        [2, "of lamin", "draft"],
        [3, "of python", "standalone"],
      ],
    );
    assert.equal((await json("info"))[0].branch, "of python");
    const recorded = await python(workspace, "branches.py", "record");
    assert.ok(recorded.artifacts.every(({ exists }: { exists: boolean }) => exists));
    assert.equal(await lamin("cat", "a.csv"), "a of python\n");
    assert.equal((await json("list", "ulabel"))[0].branch_id, 3);
    // What Python removed goes to main, and lamin says that it may be meant for elsewhere.
    await python(workspace, "branches.py", "trash", "python.txt");
    const restored = await run(["restore", "python.txt"]);
    assert.match(restored.stderr, /1 of them was made on another branch: --branch goes there/);
    await lamin("switch", "main");
    assert.equal((await python(workspace, "branches.py", "state")).current, "main");
    assert.deepEqual((await json("list", "artifact")).map(({ key }) => key).sort(), [
      "a.csv",
      "python.txt",
    ]);
  }, withBionty);
});

test("interop: Python and lamin merge to the same rows", noPython, async () => {
  await withInstance(async (workspace) => {
    const { lamin, json } = workspace;
    await add(workspace, "a.csv", "1");
    await add(workspace, "b.csv", "1");
    await add(workspace, "c.csv", "1");
    await lamin("switch", "-c", "draft");
    await add(workspace, "b.csv", "2");
    await add(workspace, "c.csv", "2");
    await add(workspace, "gone.csv", "g");
    await lamin("rm", "gone.csv");
    await python(workspace, "branches.py", "record");
    // Content that main has, so that it is there twice; and what main went on with.
    await add(workspace, "a.csv", "1");
    await lamin("switch", "main");
    await add(workspace, "c.csv", "3");
    const before = everything(workspace);
    const [merged] = await json("merge", "draft");
    const ofLamin = everything(workspace);
    assert.notDeepEqual(ofLamin, before);
    assert.deepEqual(merged.conflicts.map(({ name }: { name: string }) => name), ["c.csv"]);
    await lamin("undo");
    assert.deepEqual(everything(workspace), before);
    const state = await python(workspace, "branches.py", "merge", "draft");
    assert.deepEqual(everything(workspace), ofLamin);
    assert.deepEqual(state.shown, ["a.csv", "b.csv", "c.csv", "python.txt"]);
    assert.equal(await lamin("cat", "a.csv"), "1");
    assert.deepEqual(await json("fsck"), []);
  }, withBionty);
});

test("interop: Python follows where the folder has no marker, too", noPython, async () => {
  await withInstance(async (workspace) => {
    const { lamin, path, home } = workspace;
    await lamin("connect", ".");
    Deno.removeSync(path(".lamin/current_instance"));
    await lamin("switch", "-c", "draft");
    const note = `${home}/.lamin/current-branch--anonymous--atlas.txt`;
    assert.equal(Deno.readTextFileSync(note), workspace.read(".lamin/current_branch"));
    assert.equal((await python(workspace, "branches.py", "state")).current, "draft");
  });
});
