import { deepEqual, equal, match } from "node:assert/strict";
import { missingPostgres, withDatabase } from "../../postgres_server.ts";
import { test } from "../../skip.ts";
import { onlySqlite, onPostgres } from "../../test_database.ts";
import { digestsOf } from "./digests.ts";
import { carry, type Lab, planned, withLabs } from "./two_labs.ts";
import {
  ask,
  biontyRows,
  change,
  type Engine,
  wetlabRows,
  wetlabStatements,
  wetlabTables,
} from "./wetlab.ts";

interface Modules {
  readonly bionty: boolean;
  readonly wetlab: boolean;
}

const sets: readonly Modules[] = [
  { bionty: false, wetlab: false },
  { bionty: true, wetlab: false },
  { bionty: false, wetlab: true },
  { bionty: true, wetlab: true },
];

const nameOf = ({ bionty, wetlab }: Modules) =>
  [...(bionty ? ["bionty"] : []), ...(wetlab ? ["wetlab"] : [])].join(" and ") || "none";

async function init(lab: Lab, modules: Modules, db: readonly string[]): Promise<void> {
  const name = lab.root.split("/").at(-1)!;
  const known = modules.bionty ? ["--modules", "bionty"] : [];
  await lab.lamin("init", "--name", name, ...known, ...db);
  if (modules.wetlab) await change(lab, wetlabStatements);
}

/** Gives an instance an artifact and rows of its modules. */
async function fill(lab: Lab, { bionty, wetlab }: Modules): Promise<void> {
  lab.write("raw/a.csv", "x,y\n1,2\n");
  await lab.lamin("add", "raw");
  if (bionty) await change(lab, biontyRows);
  if (wetlab) await change(lab, wetlabRows);
}

/** What the first lab has comes to the second, and nothing of it changes when it comes back. */
async function thereAndBack(alpha: Lab, beta: Lab): Promise<void> {
  const before = await digestsOf(alpha);
  const there = await carry(alpha, beta);
  deepEqual([there.conflicts, there.cannotCarry, there.applied?.refused], [[], [], []]);
  const after = await digestsOf(beta);
  const arrived = Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]));
  deepEqual(arrived, before);
  const back = await carry(beta, alpha);
  deepEqual([back.conflicts, back.cannotCarry, back.applied?.refused], [[], [], []]);
  const own = await digestsOf(alpha);
  deepEqual(Object.fromEntries(Object.keys(before).map((key) => [key, own[key]])), before);
  equal((await planned(alpha, beta)).isNothing, true);
  equal((await planned(beta, alpha)).isNothing, true);
}

for (const from of sets) {
  for (const to of sets) {
    Deno.test(`rows of ${nameOf(from)} go to an instance with ${nameOf(to)}, and back`, async () => {
      await withLabs(["alpha", "beta"], async (alpha, beta) => {
        await init(alpha, from, []);
        await init(beta, to, []);
        await fill(alpha, from);
        await thereAndBack(alpha, beta);
      });
    });
  }
}

/** Runs `work` with instances on these engines; `db` are words for `init`. */
async function onEngines(
  engines: readonly [Engine, Engine],
  work: (alpha: Lab, beta: Lab, db: readonly (readonly string[])[]) => Promise<void>,
): Promise<void> {
  const withWords = (engine: Engine, next: (words: readonly string[]) => Promise<void>) =>
    engine === "sqlite" ? next([]) : withDatabase((url) => next(["--db", url]));
  await withWords(
    engines[0],
    (first) =>
      withWords(
        engines[1],
        (second) =>
          withLabs(["alpha", "beta"], (alpha, beta) => work(alpha, beta, [first, second])),
      ),
  );
}

const [none, bionty, wetlab, everything] = sets as [Modules, Modules, Modules, Modules];

for (
  const [engines, from, to] of [
    [["postgres", "postgres"], everything, none],
    [["postgres", "sqlite"], wetlab, bionty],
    [["sqlite", "postgres"], everything, none],
    [["sqlite", "postgres"], bionty, wetlab],
  ] as const
) {
  const name = `rows of ${nameOf(from)} in ${engines[0]} go to ${nameOf(to)} in ${engines[1]}`;
  test(name, missingPostgres(), async () => {
    await onEngines(engines, async (alpha, beta, [first, second]) => {
      await init(alpha, from, first!);
      await init(beta, to, second!);
      await fill(alpha, from);
      await thereAndBack(alpha, beta);
    });
  });
}

/** Runs `work` with a lab that has wetlab and one that has a copy of it. */
async function withCopies(work: (alpha: Lab, beta: Lab) => Promise<void>): Promise<void> {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await init(alpha, wetlab, []);
    await init(beta, none, []);
    await fill(alpha, wetlab);
    await carry(alpha, beta);
    await work(alpha, beta);
  });
}

/** What engines say of a table: columns, and what they refer to. */
const shapeOf = (table: string) =>
  onPostgres
    ? [
      `SELECT column_name, data_type, is_nullable, column_default, is_identity
         FROM information_schema.columns WHERE table_name = '${table}' ORDER BY column_name`,
      `SELECT pg_get_constraintdef(oid) AS rule FROM pg_constraint
         WHERE conrelid = '${table}'::regclass AND contype IN ('p', 'f') ORDER BY rule`,
    ]
    : [
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')
         ORDER BY name`,
      `SELECT "from", "table", "to" FROM pragma_foreign_key_list('${table}') ORDER BY 1`,
    ];

Deno.test("tables that came are as Django makes them, with their migrations", async () => {
  await withCopies(async (alpha, beta) => {
    for (const table of wetlabTables) {
      for (const sql of shapeOf(table)) deepEqual(await ask(beta, sql), await ask(alpha, sql));
    }
    const noted = "SELECT name FROM django_migrations WHERE app = 'pertdb' ORDER BY name";
    deepEqual(await ask(beta, noted), [{ name: "0001_squashed" }, { name: "0002_more" }]);
    equal((await beta.say("fsck", "--deep")).code, 0);
  });
});

Deno.test("a change of a row that nobody here knows is newer, one of both sides is named", async () => {
  await withCopies(async (alpha, beta) => {
    await carry(beta, alpha);
    await change(beta, () => ["UPDATE wetlab_compound SET molweight = 1.25 WHERE abbr IS NULL"]);
    equal((await carry(beta, alpha)).changed, 2);
    const weights = "SELECT DISTINCT molweight FROM wetlab_compound";
    deepEqual(await ask(alpha, weights), [{ molweight: 1.25 }]);
    const rename = (name: string) => () => [
      `UPDATE wetlab_compound SET name = '${name}' WHERE uid = 'compoundBBBBBB'`,
    ];
    await change(alpha, rename("of alpha"));
    await change(beta, rename("of beta"));
    const { conflicts } = await carry(alpha, beta);
    deepEqual(conflicts.map(({ table, name, columns }) => [table, name, columns]), [
      ["wetlab_compound", "of beta", ["name"]],
    ]);
    equal((await carry(alpha, beta, { resolution: "theirs" })).changed, 1);
    deepEqual(await digestsOf(alpha), await digestsOf(beta));
  });
});

Deno.test("a link that one side took away goes on the other", async () => {
  await withCopies(async (alpha, beta) => {
    await carry(beta, alpha);
    await change(beta, () => ["DELETE FROM wetlab_compound_parents"]);
    await carry(beta, alpha);
    deepEqual(await ask(alpha, "SELECT * FROM wetlab_compound_parents"), []);
  });
});

Deno.test("artifacts that are chosen bring their links and what those lead to", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await init(alpha, wetlab, []);
    await init(beta, none, []);
    await fill(alpha, wetlab);
    const choice = (key: string) => ({ conditions: [`key=${key}`], branch: undefined });
    const nothing = await carry(alpha, beta, { choice: choice("raw/none.csv") });
    equal(nothing.isNothing, true);
    const made = onPostgres ? "tablename FROM pg_tables" : "name AS tablename FROM sqlite_master";
    const own = (await ask(beta, `SELECT ${made}`))
      .filter(({ tablename }) => String(tablename).startsWith("wetlab"));
    deepEqual(own, []);
    await carry(alpha, beta, { choice: choice("raw/a.csv") });
    const linked = "SELECT name FROM wetlab_artifactcompound JOIN wetlab_compound AS one ON " +
      "one.id = compound_id";
    deepEqual(await ask(beta, linked), [{ name: 'O\'Aspirin "x"' }]);
    const names = await ask(beta, "SELECT name FROM wetlab_compound");
    equal(names.length, 2, "what it descends from comes along");
  });
});

Deno.test("undo takes such rows away, op show names them, and they come again", async () => {
  await withCopies(async (alpha, beta) => {
    const before = await digestsOf(beta);
    const [{ uid }] = await beta.json("op", "log") as [{ uid: string }];
    match(await beta.lamin("op", "show", uid), /added +compound Salicin/);
    await beta.lamin("undo", uid);
    for (const table of wetlabTables) deepEqual(await ask(beta, `SELECT * FROM ${table}`), []);
    equal((await beta.say("fsck")).code, 0);
    await carry(alpha, beta);
    deepEqual(await digestsOf(beta), before);
    equal((await beta.say("gc")).code, 0);
  });
});

Deno.test("tables that the target has in another way stay where they are", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await init(alpha, wetlab, []);
    await init(beta, wetlab, []);
    await fill(alpha, wetlab);
    await change(beta, () => ["ALTER TABLE wetlab_compound DROP COLUMN molweight"]);
    const { cannotCarry, conflicts } = await carry(alpha, beta);
    deepEqual(conflicts, []);
    deepEqual(cannotCarry.map(({ table }) => table), wetlabTables);
    match(cannotCarry[1]!.why, /it lacks the column molweight/);
    match(cannotCarry[0]!.why, /points by compound_id to wetlab_compound, which stays/);
    deepEqual(await ask(beta, "SELECT * FROM wetlab_compound"), []);
  });
});

const noMigration = onlySqlite ?? missingPostgres();

test("migrate-db takes such tables along, to Postgres and back", noMigration, async () => {
  await withDatabase(async (url) => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await init(alpha, wetlab, []);
      await init(beta, none, []);
      await fill(alpha, wetlab);
      await carry(alpha, beta);
      const before = await digestsOf(beta);
      await beta.lamin("migrate-db", url);
      deepEqual(await digestsOf(beta), before);
      await carry(alpha, beta);
      await beta.lamin("migrate-db", "sqlite");
      deepEqual(await digestsOf(beta), before);
      equal((await planned(alpha, beta)).isNothing, true);
      equal((await planned(beta, alpha)).isNothing, true);
    });
  });
});

Deno.test("a module that came is switched on for Python by its name", async () => {
  await withCopies(async (_, beta) => {
    await beta.lamin("config", "set", "modules", "pertdb");
    match(await beta.lamin("config", "get", "modules"), /pertdb/);
    equal((await beta.say("config", "set", "modules", "pertdbx")).code, 1);
  });
});

Deno.test("what is deleted for good takes its links of other modules along, and what is linked stays", async () => {
  await withCopies(async (_, beta) => {
    await beta.lamin("rm", "--permanent", "--force", "raw/a.csv");
    deepEqual(await ask(beta, "SELECT * FROM wetlab_artifactcompound"), []);
    equal((await ask(beta, "SELECT * FROM wetlab_compound")).length, 2);
    equal((await beta.say("fsck")).code, 0);
  });
});

Deno.test("a merge takes rows of other modules along, as Python's does", async () => {
  await withCopies(async (_, beta) => {
    await beta.lamin("switch", "--create", "draft");
    await change(beta, () => [
      "UPDATE wetlab_compound SET branch_id = (SELECT id FROM lamindb_branch WHERE name = 'draft')",
    ]);
    await beta.lamin("switch", "main");
    await beta.lamin("merge", "draft");
    deepEqual(await ask(beta, "SELECT DISTINCT branch_id FROM wetlab_compound"), [{
      branch_id: 1,
    }]);
  });
});
