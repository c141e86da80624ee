/** What the other engine cannot hold is named before, all of it, and nothing is written. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Atlas } from "../cli/atlas.ts";
import { changeDatabase } from "../open_instance.ts";
import { withClient } from "../postgres_server.ts";
import { test } from "../skip.ts";
import { faultCases as cases } from "./fault_cases.ts";
import { noMigration, withPlace, withPythonPlace } from "./place.ts";

async function fill(atlas: Atlas): Promise<void> {
  for (const name of ["a", "b", "c"]) atlas.write(`${name}.csv`, `${name}\n`);
  await atlas.lamin("add", ".");
}

function tablesOf(url: string): Promise<string[]> {
  return withClient(
    url,
    async (sql) =>
      (await sql`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`)
        .map((row) => row["relname"]),
  );
}

test(
  "migrate: each kind of fault is named by its place, and nothing is written",
  noMigration,
  async (t) => {
    await withPlace(async (atlas, url) => {
      await fill(atlas);
      const path = atlas.path(".lamindb/lamin.db");
      const sound = Deno.readFileSync(path);
      for (const { name, sql, fault } of cases) {
        await t.step(name, async () => {
          Deno.writeFileSync(path, sound);
          changeDatabase(path, sql);
          const { code, stdout } = await atlas.run("migrate-db", url, "--dry-run", "--json");
          const { state, faults, fault_count } = JSON.parse(stdout);
          const found = faults.map((
            one: Record<string, unknown>,
          ) => [one["column"], one["row"], one["table"]]);
          assert.deepEqual(found, fault === undefined ? [] : [fault.slice(0, 3)], stdout);
          assert.deepEqual(
            [state, code, fault_count],
            fault ? ["refused", 1, 1] : ["planned", 0, 0],
          );
          if (fault !== undefined) assert.match(faults[0].problem, fault[3]);
          assert.deepEqual(await tablesOf(url), []);
        });
      }
    });
  },
);

test(
  "migrate: all faults are told at once, and moving refuses as looking does",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      await fill(atlas);
      const path = atlas.path(".lamindb/lamin.db");
      const wanted = [
        "a NUL in a text",
        "a number of more than 16 bits",
        "a table of nobody",
        "a row that is its own type",
      ];
      const bad = cases.filter(({ name }) => wanted.includes(name));
      for (const { sql } of bad) changeDatabase(path, sql);
      const rows = rowCounts(path);
      const { code, stdout, stderr } = await atlas.run("migrate-db", url);
      assert.equal(code, 1);
      assert.equal(stdout.match(/^✗ /gm)?.length, 4, stdout);
      assert.match(
        stdout,
        /description of row 2 of lamindb_artifact has a NUL character\n {4}take it out/,
      );
      assert.match(stdout, /4 things cannot be moved/);
      assert.match(stderr, /nothing was changed/);
      assert.deepEqual(rowCounts(path), rows);
      assert.deepEqual(await tablesOf(url), []);
      await atlas.lamin("add", "a.csv");
    });
  },
);

test(
  "migrate: what nobody knows can be left behind, and stays in the file",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      await fill(atlas);
      const path = atlas.path(".lamindb/lamin.db");
      for (const { sql, fault } of cases) {
        if (/known/.test(String(fault?.[3]))) changeDatabase(path, sql);
      }
      assert.equal((await atlas.run("migrate-db", url)).code, 1);
      await atlas.lamin("migrate-db", url, "--leave-unknown");
      const kept = new DatabaseSync(`${path}.before-migration`, { readOnly: true });
      assert.equal(kept.prepare("SELECT count(*) AS count FROM mine_sample").get()!["count"], 1);
      kept.close();
    });
  },
);

function rowCounts(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const names = database.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
  ).all();
  const counts = names.map(({ name }) =>
    database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()
  );
  database.close();
  return counts;
}

test(
  "migrate: a place that is taken, wrong or out of reach is refused in a sentence",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      const said = async (...words: string[]) => {
        const { code, stdout, stderr } = await atlas.run("migrate-db", ...words);
        assert.equal(stdout, "");
        return [code, stderr.split("\n")[0]];
      };
      assert.deepEqual(await said("mysql://u:secret@h/db"), [
        2,
        "✗ 'mysql://u@h/db' is no place for rows",
      ]);
      const nobody = await said("postgresql://u:secret@127.0.0.1:9/db");
      assert.deepEqual(nobody, [1, "✗ no server listens at 127.0.0.1, port 9"]);
      await withClient(url, (sql) => sql`CREATE TABLE lamindb_artifact (id integer)`);
      const taken = await said(url);
      assert.equal(taken[0], 1);
      assert.match(String(taken[1]), /is not empty: it has lamindb_artifact/);
      await withClient(url, (sql) => sql`DROP TABLE lamindb_artifact`);
      assert.equal((await atlas.json("migrate-db", "sqlite"))[0].state, "unchanged");
      await atlas.lamin("migrate-db", url);
      assert.equal((await atlas.json("migrate-db", url))[0].state, "unchanged");
    });
  },
);

test("migrate: the database of another instance is not taken for a copy", noMigration, async () => {
  await withPlace(async (first, url) => {
    await first.lamin("migrate-db", url);
    await withPlace(async (second) => {
      const { code, stderr } = await second.run("migrate-db", url);
      assert.equal(code, 1);
      assert.match(stderr, /is not empty/);
      assert.ok(second.exists(".lamindb/lamin.db"));
    });
  });
});

test("migrate: a database of an older LaminDB is not moved", noMigration, async () => {
  await withPythonPlace("lamindb-1.1.0", async (atlas, url) => {
    const { code } = await atlas.run("migrate-db", url);
    assert.equal(code, 14);
    assert.deepEqual(await tablesOf(url), []);
  });
});
