import { deepEqual, equal, match, ok } from "node:assert/strict";
import { missingPostgres, withDatabase } from "../../postgres_server.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";
import { carry, type Lab, withLabs } from "./two_labs.ts";
import { ask, change, wetlabRows, wetlabStatements, wetlabTables } from "./wetlab.ts";

const key = "id integer NOT NULL PRIMARY KEY AUTOINCREMENT";

/** Tables that cannot be carried, and why. */
const strange: readonly (readonly [table: string, statement: string, why: RegExp])[] = [
  [
    'lab_x"; DROP TABLE lamindb_artifact; --',
    `CREATE TABLE "lab_x""; DROP TABLE lamindb_artifact; --" (${key}, uid varchar(9) NOT NULL UNIQUE)`,
    /a name that Django gives to no table/,
  ],
  ["lab_\u001b[2Jx", `CREATE TABLE "lab_\u001b[2Jx" (${key})`, /a name that Django gives/],
  ["Lab_Upper", `CREATE TABLE "Lab_Upper" (${key})`, /a name that Django gives/],
  [
    "lab_column",
    `CREATE TABLE lab_column (${key}, uid text NOT NULL UNIQUE, "x""y" text)`,
    /a column whose name Django gives to none/,
  ],
  [
    "lab_proto",
    `CREATE TABLE lab_proto (${key}, uid text NOT NULL UNIQUE, "__proto__" text)`,
    /a column whose name Django gives to none/,
  ],
  [
    "lab_computed",
    `CREATE TABLE lab_computed (${key}, uid text NOT NULL UNIQUE, twice text AS (uid || uid))`,
    /a column twice that the database computes/,
  ],
  ["lab_noid", "CREATE TABLE lab_noid (name text PRIMARY KEY)", /no whole number 'id'/],
  ["lab_textid", "CREATE TABLE lab_textid (id text PRIMARY KEY)", /no whole number 'id'/],
  [
    "lab_rowless",
    "CREATE TABLE lab_rowless (id integer PRIMARY KEY, uid text NOT NULL UNIQUE) WITHOUT ROWID",
    /no whole number 'id'/,
  ],
  ["lab_nothing", `CREATE TABLE lab_nothing (${key}, note text)`, /nothing that tells its rows/],
  [
    "lab_uid",
    `CREATE TABLE lab_uid (${key}, uid text NOT NULL)`,
    /nothing that tells its rows apart/,
  ],
  [
    "lab_bytes",
    `CREATE TABLE lab_bytes (${key}, uid text NOT NULL UNIQUE, content blob)`,
    /a column content of a type that is not carried: blob/,
  ],
  [
    "lab_user",
    `CREATE TABLE lab_user (${key}, uid text NOT NULL UNIQUE,
       user_id integer REFERENCES auth_user (id))`,
    /points by user_id to auth_user, which stays/,
  ],
  [
    "lab_touser",
    `CREATE TABLE lab_touser (${key}, uid text NOT NULL UNIQUE,
       one_id integer REFERENCES lab_user (id))`,
    /points by one_id to lab_user, which stays/,
  ],
  [
    "lab_touid",
    `CREATE TABLE lab_touid (${key}, uid text NOT NULL UNIQUE,
       label text REFERENCES lamindb_ulabel (uid))`,
    /points to something else than the id of one row/,
  ],
  [
    "lab_versions",
    `CREATE TABLE lab_versions (${key}, uid text NOT NULL UNIQUE, is_latest bool)`,
    /versions that are not kept as LaminDB keeps them/,
  ],
  [
    "lab_one",
    `CREATE TABLE lab_one (${key}, other_id integer NOT NULL UNIQUE REFERENCES lab_other (id))`,
    /only each other tell apart/,
  ],
  [
    "lab_other",
    `CREATE TABLE lab_other (${key}, one_id integer NOT NULL UNIQUE REFERENCES lab_one (id))`,
    /only each other tell apart/,
  ],
  [
    "lab_self",
    `CREATE TABLE lab_self (${key}, self_id integer NOT NULL UNIQUE REFERENCES lab_self (id))`,
    /only each other tell apart/,
  ],
  [
    "lab_alike",
    `CREATE TABLE lab_alike (${key}, a_id integer REFERENCES lamindb_ulabel (id),
       b_id integer REFERENCES lamindb_ulabel (id));
     INSERT INTO lab_alike (a_id, b_id) VALUES (NULL, NULL), (NULL, NULL)`,
    /rows that nothing tells apart/,
  ],
  [
    "lab_view",
    "CREATE VIEW lab_view AS SELECT 1 AS id, load_extension('x') AS uid",
    /is no table but a view/,
  ],
  [
    "lab_virtual",
    "CREATE VIRTUAL TABLE lab_virtual USING fts5(uid)",
    /is no table but a view/,
  ],
  [
    "lab_wide",
    `CREATE TABLE lab_wide (${key}, uid text NOT NULL UNIQUE, ${
      Array.from({ length: 400 }, (_, index) => `c${index} text`).join(", ")
    })`,
    /more than 300 columns/,
  ],
];

async function twoLabs(work: (alpha: Lab, beta: Lab) => Promise<void>): Promise<void> {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    await work(alpha, beta);
  });
}

const madeTables = "SELECT name FROM sqlite_master WHERE name LIKE 'lab%' OR name LIKE 'wetlab%' " +
  "AND type = 'table' ORDER BY name";

test("strange tables stay, each with its reason, and hinder no other one", onlySqlite, async () => {
  await twoLabs(async (alpha, beta) => {
    await change(alpha, (engine) => [...wetlabStatements(engine), ...wetlabRows(engine)]);
    await change(alpha, () => strange.map(([, statement]) => statement));
    const { cannotCarry, conflicts, applied } = await carry(alpha, beta);
    deepEqual([conflicts, applied?.refused], [[], []]);
    const reasons = new Map(cannotCarry.map(({ table, why }) => [table, why]));
    for (const [table, , why] of strange) match(reasons.get(table) ?? "is not named", why, table);
    // A full-text index has tables of its own beside it.
    const others = cannotCarry.filter(({ table }) => !table.startsWith("lab_virtual_"));
    equal(others.length, strange.length);
    deepEqual((await ask(beta, madeTables)).map(({ name }) => name), wetlabTables);
    equal((await ask(beta, "SELECT * FROM wetlab_compound")).length, 2);
  });
});

test(
  "people get one line about tables that stay, with nothing that moves a terminal",
  onlySqlite,
  async () => {
    await twoLabs(async (alpha, beta) => {
      await change(alpha, () => strange.map(([, statement]) => statement));
      const said = await beta.say("pull", alpha.root);
      const lines = said.stderr.split("\n").filter((line) => line.includes("no table of a known"));
      equal(lines.length, 1, said.stderr);
      match(lines[0]!, /Lab_Upper \(has a name .*and \d+ more: --json lists all/);
      ok(!said.stderr.includes("\u001b[2J"));
      const [told] = await beta.json("pull", alpha.root);
      ok(told.cannot_carry.length >= strange.length);
      deepEqual(Object.keys(told.cannot_carry[0]), ["table", "why"]);
    });
  },
);

test("thousands of tables are looked at as far as that goes", onlySqlite, async () => {
  await twoLabs(async (alpha, beta) => {
    const count = 2500;
    await change(alpha, () =>
      Array.from(
        { length: count },
        (_, index) =>
          `CREATE TABLE lab_t${String(index).padStart(4, "0")} (${key}, uid text NOT NULL UNIQUE)`,
      ));
    await change(alpha, () => ["INSERT INTO lab_t0001 (uid) VALUES ('one')"]);
    const { cannotCarry } = await carry(alpha, beta);
    ok(cannotCarry.length <= 2000);
    ok(cannotCarry.every(({ why }) => /more tables than are looked at/.test(why)));
    deepEqual(await ask(beta, "SELECT uid FROM lab_t0001"), [{ uid: "one" }]);
  });
});

test(
  "values that a column cannot have stay with their rows; rules of the source do",
  onlySqlite,
  async () => {
    await twoLabs(async (alpha, beta) => {
      await change(alpha, () => [
        `CREATE TABLE lab_sample (${key}, uid varchar(3) NOT NULL UNIQUE, amount real, made datetime,
         kind varchar(9) DEFAULT (lower('X')) CHECK (kind <> 'no'))`,
        "CREATE TRIGGER lab_t AFTER INSERT ON lab_sample BEGIN DELETE FROM lamindb_artifact; END",
        `INSERT INTO lab_sample (uid, amount, made, kind) VALUES
         ('a', 1.5, '2026-01-01 00:00:00', 'x'), ('b', 9e999, NULL, NULL), ('c', 'much', NULL, 'y'),
         ('d', 2, 'never', NULL), ('e', x'00ff', NULL, NULL)`,
      ]);
      const { applied } = await carry(alpha, beta);
      deepEqual(await ask(beta, "SELECT uid, amount, kind FROM lab_sample"), [
        { uid: "a", amount: 1.5, kind: "x" },
      ]);
      deepEqual(applied?.refused.map(({ name, reason }) => `${name}: ${reason}`), [
        "b: its amount is no finite number",
        "c: its amount is no finite number",
        "d: its made is no time",
        "e: its amount is no finite number",
      ]);
      const [{ sql }] = await ask(
        beta,
        "SELECT sql FROM sqlite_master WHERE name = 'lab_sample'",
      ) as [
        { sql: string },
      ];
      ok(!/lower|<>/i.test(sql), sql);
      deepEqual(await ask(beta, "SELECT name FROM sqlite_master WHERE type = 'trigger'"), []);
    });
  },
);

/** What Postgres has of its own. */
const postgresStrange: readonly (readonly [table: string, statement: string, why: RegExp])[] = [
  [
    "lab_computed",
    `CREATE TABLE lab_computed (id serial PRIMARY KEY, uid text NOT NULL UNIQUE,
       twice text GENERATED ALWAYS AS (uid || uid) STORED)`,
    /a column twice that the database computes/,
  ],
  [
    "lab_always",
    `CREATE TABLE lab_always (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       uid text NOT NULL UNIQUE)`,
    /a column id that the database computes/,
  ],
  [
    "lab_list",
    "CREATE TABLE lab_list (id serial PRIMARY KEY, uid text NOT NULL UNIQUE, many text[])",
    /a column many of a type that is not carried: text\[\]/,
  ],
  [
    "lab_own",
    `CREATE DOMAIN text_ish AS text CHECK (value <> 'x');
     CREATE TABLE lab_own (id serial PRIMARY KEY, uid text NOT NULL UNIQUE, one text_ish)`,
    /a column one of a type that is not carried: text_ish/,
  ],
  ["lab_view", "CREATE VIEW lab_view AS SELECT 1 AS id", /is no table but a view/],
  [
    'lab_"; x',
    `CREATE TABLE "lab_""; x" (id serial PRIMARY KEY, uid text NOT NULL UNIQUE)`,
    /a name that Django gives to no table/,
  ],
  [
    "lab_two",
    `CREATE TABLE lab_two (a integer, b integer, id serial, uid text NOT NULL UNIQUE,
       PRIMARY KEY (a, b))`,
    /no whole number 'id'/,
  ],
  [
    "lab_lower",
    `CREATE TABLE lab_lower (id serial PRIMARY KEY, name text NOT NULL);
     CREATE UNIQUE INDEX ON lab_lower (lower(name));
     CREATE UNIQUE INDEX ON lab_lower (name) WHERE name <> ''`,
    /nothing that tells its rows apart/,
  ],
  [
    "lab_case",
    `CREATE TABLE lab_case (id serial PRIMARY KEY, uid text NOT NULL UNIQUE, a text, "A" text)`,
    /columns whose names differ in case alone/,
  ],
];

test("strange tables of a server stay as well", missingPostgres(), async () => {
  await withDatabase(async (url) => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await alpha.lamin("init", "--name", "alpha", "--db", url);
      await beta.lamin("init", "--name", "beta");
      await change(alpha, () => postgresStrange.map(([, statement]) => statement));
      await change(alpha, () => [
        "CREATE TABLE lab_fine (id serial PRIMARY KEY, uid text NOT NULL UNIQUE, n double precision)",
        "INSERT INTO lab_fine (uid, n) VALUES ('a', 0.1), ('b', '-0'), ('c', 'NaN'), ('d', 1e300)",
      ]);
      const { cannotCarry, applied } = await carry(alpha, beta);
      const reasons = new Map(cannotCarry.map(({ table, why }) => [table, why]));
      for (const [table, , why] of postgresStrange) match(reasons.get(table) ?? "", why, table);
      equal(cannotCarry.length, postgresStrange.length);
      deepEqual(applied?.refused.map(({ name }) => name), ["c"]);
      const rows = await ask(beta, "SELECT uid, n FROM lab_fine ORDER BY uid");
      deepEqual(rows.map(({ n }) => n), [0.1, 0, 1e300]);
    });
  });
});
