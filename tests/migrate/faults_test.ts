/** What the other engine cannot hold is named before, all of it, and nothing is written. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Atlas } from "../cli/atlas.ts";
import { changeDatabase } from "../open_instance.ts";
import { withClient } from "../postgres_server.ts";
import { test } from "../skip.ts";
import { noMigration, withPlace, withPythonPlace } from "./place.ts";

interface Case {
  readonly name: string;
  /** What does it to the file. */
  readonly sql: string;
  /** Column, row and table, and the problem; undefined where there is none. */
  readonly fault?: readonly [column: string | null, row: number | null, table: string, RegExp];
}

const artifact = "lamindb_artifact";
const set = (assignment: string) =>
  `PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
   UPDATE ${artifact} SET ${assignment} WHERE id = 2`;
/** Random letters, which cannot be compressed. */
const random = (bytes: number) =>
  `(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${bytes})
    SELECT group_concat(char(97 + abs(random()) % 26), '') FROM c)`;
const types = (values: string) =>
  `PRAGMA foreign_keys = OFF;
   INSERT INTO lamindb_record (id, uid, name, is_type, type_id, created_by_id, space_id, _aux) VALUES ${values}`;

const cases: readonly Case[] = [
  {
    name: "a NUL in a text",
    sql: set("description = 'a' || char(0) || 'b'"),
    fault: ["description", 2, artifact, /NUL/],
  },
  {
    name: "bytes that are no UTF-8",
    sql: set("description = CAST(x'61ff62' AS TEXT)"),
    fault: ["description", 2, artifact, /no UTF-8/],
  },
  {
    name: "a cut sequence of UTF-8, as long as what stands for it",
    sql: set("description = CAST(x'f09f98' AS TEXT)"),
    fault: ["description", 2, artifact, /no UTF-8/],
  },
  { name: "the sign that stands for no text", sql: set("description = char(0xFFFD)") },
  {
    name: "a text for a number",
    sql: set("size = 'many'"),
    fault: ["size", 2, artifact, /whole number/],
  },
  { name: "a broken number", sql: set("size = 1.5"), fault: ["size", 2, artifact, /whole/] },
  {
    name: "a number beyond those of JavaScript",
    sql: set("size = 9223372036854775807"),
    fault: ["size", 2, artifact, /larger/],
  },
  {
    name: "a number of more than 16 bits",
    sql: "UPDATE lamindb_branch SET _status_code = 40000 WHERE id = 1",
    fault: ["_status_code", 1, "lamindb_branch", /16 bits/],
  },
  {
    name: "bytes for a text",
    sql: set("description = x'00'"),
    fault: ["description", 2, artifact, /no text/],
  },
  {
    name: "no truth",
    sql: set("is_latest = 2"),
    fault: ["is_latest", 2, artifact, /true or false/],
  },
  {
    name: "no time",
    sql: set("created_at = 'now'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  {
    name: "a day that is not in the calendar",
    sql: set("created_at = '2025-02-29 00:00:00'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  {
    name: "a time of nanoseconds",
    sql: set("created_at = '2025-02-28 00:00:00.123456789'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  { name: "no JSON", sql: set("_aux = '{'"), fault: ["_aux", 2, artifact, /no JSON/] },
  { name: "NaN", sql: set(`_aux = '{"a": NaN}'`), fault: ["_aux", 2, artifact, /NaN/] },
  {
    name: "a NUL in JSON",
    sql: set(`_aux = '{"a": "\\u0000"}'`),
    fault: ["_aux", 2, artifact, /NUL/],
  },
  {
    name: "half a character in JSON",
    sql: set(`_aux = '{"a": "\\ud800"}'`),
    fault: ["_aux", 2, artifact, /surrogate/],
  },
  {
    name: "a text that is longer than its column",
    sql: set("version_tag = '0123456789012345678901234567890'"),
    fault: ["version_tag", 2, artifact, /longer than 30/],
  },
  {
    name: "a text beyond the limit of an index",
    sql: set(`description = ${random(9000)}`),
    fault: ["description", 2, artifact, /too long for an index of Postgres \(9000 bytes\)/],
  },
  { name: "a long text that can be compressed", sql: set("description = printf('%.20000c', 'x')") },
  { name: "a text just below the limit", sql: set(`description = ${random(2600)}`) },
  {
    name: "a reference to nothing",
    sql: set("run_id = 77"),
    fault: ["run_id", 2, artifact, /refers to a row of lamindb_run/],
  },
  {
    name: "a table of nobody",
    sql: "CREATE TABLE mine_sample (id integer); INSERT INTO mine_sample VALUES (1)",
    fault: [null, null, "mine_sample", /no known module/],
  },
  { name: "an empty table of nobody", sql: "CREATE TABLE mine_sample (id integer)" },
  {
    name: "a column of nobody",
    sql: `ALTER TABLE ${artifact} ADD COLUMN mine text; UPDATE ${artifact} SET mine = 'x'`,
    fault: ["mine", null, artifact, /not known/],
  },
  {
    name: "a type that is none",
    sql: types("(1, 'a', 'a', 0, NULL, 1, 1, NULL), (2, 'b', 'b', 0, 1, 1, 1, NULL)"),
    fault: ["type_id", 2, "lamindb_record", /cannot be its type/],
  },
  {
    name: "a row that is its own type",
    sql: types("(1, 'a', 'a', 1, 1, 1, 1, NULL)"),
    fault: ["type_id", 1, "lamindb_record", /leads back/],
  },
  {
    name: "a type for another space",
    sql:
      `INSERT INTO lamindb_space (id, uid, name, created_at) VALUES (2, 'sssssssssss2', 'two', '2025-01-01 00:00:00');
      ${types(`(1, 'a', 'a', 1, NULL, 1, 2, '{"ss": 1}'), (2, 'b', 'b', 0, 1, 1, 1, NULL)`)}`,
    fault: ["type_id", 2, "lamindb_record", /another space/],
  },
  {
    name: "a type for its own space",
    sql: types(`(1, 'a', 'a', 1, NULL, 1, 1, '{"ss": 1}'), (2, 'b', 'b', 0, 1, 1, 1, NULL)`),
  },
  {
    name: "names that differ by case alone",
    sql: `INSERT INTO lamindb_space (id, uid, name, created_at) VALUES
      (2, 'sssssssssss2', 'Ä', '2025-01-01 00:00:00'), (3, 'sssssssssss3', 'ä', '2025-01-01 00:00:00')`,
    fault: ["name", 3, "lamindb_space", /case of letters/],
  },
];

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
      const bad = cases.filter(({ fault }) =>
        [
          "a NUL in a text",
          "a number of more than 16 bits",
          "a table of nobody",
          "a row that is its own type",
        ]
          .includes(fault === undefined ? "" : cases.find((one) => one.fault === fault)!.name)
      );
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
