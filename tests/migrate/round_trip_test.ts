/** An instance that goes to a server and comes back is the same, to the last value. */
import assert from "node:assert/strict";
import type { Atlas } from "../cli/atlas.ts";
import { changeDatabase } from "../open_instance.ts";
import { withClient } from "../postgres_server.ts";
import { test } from "../skip.ts";
import { dumpOfFile, dumpOfServer } from "./dump.ts";
import { noMigration, withPlace, withPythonPlace, withUrl } from "./place.ts";

/** Leaves traces of every verb that writes. */
async function useEveryVerb(atlas: Atlas): Promise<void> {
  const { lamin, write } = atlas;
  for (const name of ["a", "b", "c", "d"]) write(`raw/${name}.csv`, `x,${name}\n`);
  write("set.zarr/.zgroup", "{}");
  write("set.zarr/0", "0");
  await lamin("add", ".", "--description", 'first "import", ünïcode 𝄞, a\ttab\nand a \\ line');
  write("raw/a.csv", "x,a2\n");
  write("set.zarr/0", "1");
  await lamin("add", ".");
  await lamin("mv", "raw/b.csv", "raw/moved.csv");
  await lamin("rm", "raw/c.csv");
  await lamin("rm", "raw/d.csv");
  await lamin("restore", "raw/d.csv");
  await lamin("rm", "--permanent", "--force", "raw/d.csv");
  await lamin("mv", "raw/moved.csv", "raw/again.csv");
  await lamin("undo");
  await lamin("gc", "--apply", "--grace", "0");
}

/** Values of the kinds that the engines hold differently. */
const kinds = `
  UPDATE lamindb_artifact SET created_at = '2024-02-29 23:59:59' WHERE id = 1;
  UPDATE lamindb_artifact SET created_at = '2024-02-29 23:59:59.5' WHERE id = 2;
  UPDATE lamindb_artifact SET created_at = '1999-12-31 00:00:00.000001', _aux = 'null' WHERE id = 3;
  UPDATE lamindb_artifact SET _aux = '{"zz": 1, "a": [1.0, 1e+16, 1e-05, -0.5, 12345678901234567890],
    "\\u00e4\\ud834\\udd1e": "\\u0001 \\"q\\"", "b": {"y": null, "x": true}}' WHERE id = 4;
  INSERT INTO lamindb_ulabel (id, uid, name, is_type, created_by_id)
    VALUES (7, 'aaaaaaa7', 'a type', 1, 1), (3, 'aaaaaaa3', 'of it', 0, 1);
  UPDATE lamindb_ulabel SET type_id = 7 WHERE id = 3;
  INSERT INTO lamindb_ulabel (id, uid, name, created_by_id) VALUES (90, 'aaaaaa90', 'gone', 1);
  DELETE FROM lamindb_ulabel WHERE id = 90;
`;

test("migrate: to a server and back, every row is as it was", noMigration, async () => {
  await withPlace(async (atlas, url) => {
    await useEveryVerb(atlas);
    changeDatabase(atlas.path(".lamindb/lamin.db"), kinds);
    const before = await dumpOfFile(atlas.root);
    const [moved] = await atlas.json("migrate-db", url);
    assert.equal(moved.state, "moved");
    assert.equal(moved.rows, Object.values(before).flat().length);
    assert.deepEqual(await dumpOfServer(url), before);
    assert.ok(!atlas.exists(".lamindb/lamin.db"));
    assert.deepEqual(await dumpOfFile(atlas.root, "lamin.db.before-migration"), before);
    assert.equal((await atlas.json("fsck", "--deep")).length, 0);
    const [back] = await atlas.json("migrate-db", "sqlite");
    assert.deepEqual([back.state, back.rows], ["moved", moved.rows]);
    assert.deepEqual(await dumpOfFile(atlas.root), before);
    assert.equal((await atlas.json("fsck", "--deep")).length, 0);
  }, ["--modules", "bionty"]);
});

test("migrate: what Python made is the same after the round trip", noMigration, async () => {
  await withPythonPlace("lamindb-2.12.1", async (atlas, url) => {
    await atlas.lamin("connect", atlas.root);
    const before = await dumpOfFile(atlas.root);
    const listed = async () =>
      (await atlas.json("list", "artifact", "-n", "0")).map((row) => row.uid);
    const uids = await listed();
    assert.ok(uids.length > 0);
    await atlas.lamin("migrate-db", url);
    assert.deepEqual(await dumpOfServer(url), before);
    assert.deepEqual(await listed(), uids);
    await atlas.lamin("migrate-db", "sqlite");
    assert.deepEqual(await dumpOfFile(atlas.root), before);
  });
});

test("migrate: from one server to another one", noMigration, async () => {
  await withPlace(async (atlas, first) => {
    await useEveryVerb(atlas);
    const before = await dumpOfFile(atlas.root);
    await atlas.lamin("migrate-db", first);
    await withUrl(async (second) => {
      await atlas.lamin("migrate-db", second);
      assert.deepEqual(await dumpOfServer(second), before);
      assert.deepEqual((await atlas.json("info"))[0].database.path, second);
      await atlas.lamin("migrate-db", "sqlite");
      assert.deepEqual(await dumpOfFile(atlas.root), before);
    });
  });
});

test(
  "migrate: an operation from before can be undone after, on either engine",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      const { write, lamin, json } = atlas;
      write("a.csv", "1\n");
      write("b.csv", "2\n");
      await lamin("add", ".");
      await lamin("mv", "a.csv", "c.csv");
      await lamin("rm", "b.csv");
      await lamin("migrate-db", url);
      await lamin("undo");
      await lamin("migrate-db", "sqlite");
      await lamin("undo");
      const keys = (await json("list", "artifact")).map(({ key }) => key).sort();
      assert.deepEqual(keys, ["a.csv", "b.csv"]);
      assert.deepEqual(await json("status"), []);
    });
  },
);

test("migrate: an id that was given once is not given again", noMigration, async () => {
  await withPlace(async (atlas, url) => {
    changeDatabase(atlas.path(".lamindb/lamin.db"), kinds.slice(kinds.indexOf("INSERT")));
    await atlas.lamin("migrate-db", url);
    await withClient(url, async (sql) => {
      await sql`INSERT INTO lamindb_ulabel (uid, name, created_by_id, branch_id, created_on_id, space_id,
        is_locked, is_type) VALUES ('aaaaaa91', 'next', 1, 1, 1, 1, false, false)`;
      const [row] = await sql`SELECT id FROM lamindb_ulabel WHERE name = 'next'`;
      assert.equal(row!["id"], 91);
      await sql`DELETE FROM lamindb_ulabel WHERE name = 'next'`;
    });
    await atlas.lamin("migrate-db", "sqlite");
    changeDatabase(
      atlas.path(".lamindb/lamin.db"),
      "INSERT INTO lamindb_ulabel (uid, name, created_by_id) VALUES ('aaaaaa92', 'next', 1)",
    );
    const dump = await dumpOfFile(atlas.root);
    assert.ok(dump["lamindb_ulabel"]!.some((row) => row.includes("next") && row.includes("92")));
  });
});

test(
  "migrate: what is cached about files is not believed of another database",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      atlas.write("a.csv", "1\n");
      await atlas.lamin("add", ".");
      await atlas.lamin("status");
      await atlas.lamin("migrate-db", url);
      await withClient(url, async (sql) => {
        await sql`UPDATE lamindb_artifact SET key = 'other.csv'`;
      });
      const kinds = async () =>
        (await atlas.json("status")).map(({ status, path }) => [status, path]);
      const seen = await kinds();
      assert.equal(seen.length, 2, JSON.stringify(seen));
      await atlas.lamin("migrate-db", "sqlite");
      assert.deepEqual(await kinds(), seen);
    });
  },
);
