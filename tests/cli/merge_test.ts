import assert from "node:assert/strict";
import { withRaw } from "../raw_database.ts";
import { type Atlas, withAtlas } from "./atlas.ts";

async function add(atlas: Atlas, path: string, content: string): Promise<string> {
  atlas.write(path, content);
  const [added] = await atlas.json("add", path);
  return added.uid;
}

/** One key on main; another version of it and a new key on the branch `draft`. */
async function fork(atlas: Atlas): Promise<{ main: string; draft: string; fresh: string }> {
  const main = await add(atlas, "a.csv", "1");
  await atlas.lamin("switch", "-c", "draft");
  const draft = await add(atlas, "a.csv", "2");
  const fresh = await add(atlas, "new.csv", "n");
  await atlas.lamin("switch", "main");
  return { main, draft, fresh };
}

/** Every row of a few tables. */
function rows({ root }: Pick<Atlas, "root">) {
  return withRaw(root, (database) => [
    database.all("SELECT * FROM lamindb_artifact ORDER BY id"),
    database.all("SELECT * FROM lamindb_branch ORDER BY id"),
    database.all("SELECT * FROM lamindb_ulabel ORDER BY id"),
    database.all("SELECT * FROM lamindb_artifactblock ORDER BY id"),
  ]);
}

Deno.test("merge: the plan says what would move, and nothing moves", async () => {
  await withAtlas(async (atlas) => {
    const { json, run } = atlas;
    const { main, draft, fresh } = await fork(atlas);
    const before = rows(atlas);
    const [plan] = await json("merge", "draft", "--dry-run");
    assert.deepEqual(plan, {
      from: "draft",
      into: "main",
      records: 2,
      moved: { artifact: 2 },
      heads: [
        { registry: "artifact", name: "a.csv", from: main, to: draft },
        { registry: "artifact", name: "new.csv", from: null, to: fresh },
      ],
      conflicts: [],
      operation: null,
    });
    const said = await run("merge", "draft", "-n");
    assert.equal(
      said.stdout,
      "  latest    a.csv 0000 -> 0001\n  latest    new.csv 0000\n" +
        "would merge draft into main: 2 artifacts\n",
    );
    assert.deepEqual(rows(atlas), before);
  });
});

Deno.test("merge: is one operation, which undo and its undo take back and do again", async () => {
  await withAtlas(async (atlas) => {
    const { json, lamin } = atlas;
    await fork(atlas);
    const before = rows(atlas);
    const [merged] = await json("merge", "draft");
    const after = rows(atlas);
    const [operation] = await json("op", "log", "-n", "1");
    assert.deepEqual([operation.uid, operation.verb], [merged.operation, "merge"]);
    assert.match(operation.summary, /^draft into main: 2 records, 2 new latest$/);
    assert.equal((await json("list", "branch", "name=draft"))[0]._status_code, -1);
    const [undone] = await json("undo");
    assert.deepEqual(rows(atlas), before);
    await lamin("undo", undone.uid);
    assert.deepEqual(rows(atlas), after);
  });
});

Deno.test("merge: versions on both branches are a conflict, which is named", async () => {
  await withAtlas(async (atlas) => {
    const { json, run, lamin } = atlas;
    const { draft } = await fork(atlas);
    const newer = await add(atlas, "a.csv", "3");
    const [plan] = await json("merge", "draft", "-n");
    const conflict = { kind: "versions", registry: "artifact", name: "a.csv" };
    assert.deepEqual(plan.conflicts, [{ ...conflict, into: newer, from: draft, kept: newer }]);
    assert.match(
      (await run("merge", "draft")).stdout,
      /conflict {2}a\.csv 0002 on main, 0001 on draft: the newer one, 0002, is the latest/,
    );
    assert.equal(await lamin("cat", "a.csv"), "3");
    atlas.write("a.csv", "2");
    const [taken] = await json("add", "a.csv");
    assert.deepEqual(
      [taken.status, taken.uid],
      ["returned", draft],
      "the other one is a step away",
    );
    await lamin("undo");
    await lamin("undo");
    assert.equal(await lamin("cat", "a.csv"), "3");
    await lamin("switch", "draft");
    assert.equal(await lamin("cat", "a.csv"), "2");
  });
});

Deno.test("merge: a key that both branches gave to something of their own is named", async () => {
  await withAtlas(async (atlas) => {
    const { json, lamin, run } = atlas;
    const { fresh } = await fork(atlas);
    const other = await add(atlas, "other.csv", "o");
    withRaw(
      atlas.root,
      (database) =>
        database.run("UPDATE lamindb_artifact SET key = 'new.csv' WHERE uid = ?", other),
    );
    const [plan] = await json("merge", "draft", "-n");
    assert.deepEqual(plan.conflicts, [
      { kind: "key", registry: "artifact", name: "new.csv", into: other, from: fresh, kept: null },
    ]);
    await lamin("merge", "draft");
    assert.equal((await json("list", "artifact", "key=new.csv")).length, 2);
    assert.equal((await run("merge", "draft")).stdout, "merged draft into main: no records\n");
  });
});

Deno.test("merge: records of all registries and texts about them move, not those about the branch", async () => {
  await withAtlas(async (atlas) => {
    const { json, lamin } = atlas;
    await fork(atlas);
    withRaw(atlas.root, (database) => {
      const text = "content, kind, is_latest, created_by_id, created_at, _status_code";
      const value = "'text', 'readme', TRUE, 1, '2026-01-01 00:00:00.000000', 0";
      const [{ id }] = database.all("SELECT id FROM lamindb_artifact WHERE key = 'new.csv'") as [
        { id: number },
      ];
      database.run(
        `INSERT INTO lamindb_artifactblock (uid, artifact_id, branch_id, created_on_id, ${text})
        VALUES ('blockblockblock10000', ${id}, 2, 2, ${value})`,
      );
      database.run(`INSERT INTO lamindb_branchblock (uid, branch_id, ${text})
        VALUES ('blockblockblock20000', 2, ${value})`);
      const now = "'2026-01-01 00:00:00.000000'";
      database.run(
        `INSERT INTO lamindb_ulabel (uid, name, is_type, is_locked, created_by_id, created_at,
          updated_at, space_id, branch_id, created_on_id)
        VALUES ('labellab', 'checked', FALSE, FALSE, 1, ${now}, ${now}, 1, 2, 2)`,
      );
    });
    assert.deepEqual((await json("branch"))[1].records, 4);
    const [merged] = await json("merge", "draft");
    assert.deepEqual(merged.moved, { artifact: 2, ulabel: 1, artifact_block: 1 });
    const places = (table: string) =>
      withRaw(
        atlas.root,
        (database) => database.all(`SELECT branch_id FROM ${table}`)[0]!.branch_id,
      );
    assert.deepEqual(
      ["lamindb_ulabel", "lamindb_artifactblock", "lamindb_branchblock"].map(places),
      [1, 1, 2],
    );
    const refused = await atlas.run("branch", "draft", "--delete");
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /1 ulabel, 2 artifacts, 1 artifact_block remember that they were made on draft/,
    );
    await lamin("undo");
    assert.deepEqual((await json("branch"))[1].records, 4);
  });
});

Deno.test("merge: is not undone when the branch went on since", async () => {
  await withAtlas(async (atlas) => {
    const { run, lamin } = atlas;
    await fork(atlas);
    await lamin("merge", "draft");
    const [{ uid }] = await atlas.json("op", "log", "-n", "1") as [{ uid: string }];
    await lamin("switch", "draft");
    await add(atlas, "a.csv", "4");
    const before = rows(atlas);
    const refused = await run("undo", uid);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /one latest version/);
    assert.deepEqual(rows(atlas), before);
  });
});
