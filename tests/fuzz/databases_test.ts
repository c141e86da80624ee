/** What verbs say of databases that are cut, garbled, foreign, or filled by nobody's rules. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import { say } from "../cli/in_process.ts";
import { forEachVerb, type World } from "../cli/manners_world.ts";
import { random, seeded } from "../seed.ts";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { onlySqlite } from "../test_database.ts";
import {
  cuts,
  type Damage,
  filledTables,
  flips,
  hostileValues,
  plant,
  sample,
  wrongPages,
} from "./database_damage.ts";
import { linesOf } from "./database_lines.ts";
import { faultsOf } from "./manners.ts";

/** Runs `work` in one instance with files, folders, versions, trash and operations. */
async function inInstance(work: (database: Subject) => Promise<void>): Promise<void> {
  await forEachVerb({ chosen: ({ name }) => name === "show" }, async (_, world) => {
    await say(world.place, "add", "a", "--as", "folder", "--key", "set");
    await work(new Subject(world));
  });
}

class Subject {
  readonly path: string;
  readonly whole: Uint8Array;

  constructor(readonly world: World) {
    this.path = `${world.root}/.lamindb/lamin.db`;
    this.whole = Deno.readFileSync(this.path);
  }

  put(bytes: Uint8Array): void {
    for (const end of ["", "-wal", "-shm", "-journal"]) remove(this.path + end);
    Deno.writeFileSync(this.path, bytes);
  }

  /** Runs the lines; each answer is calm, and a failure leaves every byte as it was. */
  async check(name: string, wanted: (line: string) => readonly number[] | undefined, some = 1) {
    const before = Deno.readFileSync(this.path);
    const next = random(before.length);
    for (const { verb, words } of linesOf(this.world)) {
      if (!soak && next() >= some) continue;
      const said = await say(this.world.place, verb.name, ...words);
      const line = `${verb.name} ${words.join(" ")}`;
      const shown = `${name}: lamin ${line}: ${said.code} ${said.stderr.slice(0, 1500)}`;
      assert.deepEqual(faultsOf(verb, words, said), [], shown);
      const codes = wanted(line);
      if (codes !== undefined) assert.ok(codes.includes(said.code), shown);
      const isSame = Buffer.compare(before, Deno.readFileSync(this.path)) === 0;
      if (said.code !== 0 && said.stdout === "") assert.ok(isSame, `${shown}: bytes changed`);
      if (!isSame) this.put(before);
    }
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Verbs that go on without an instance, or say which one is connected. */
const without = /^(disconnect|config|connect)/;

test("databases: what is none is said to be damaged, and left as it is", onlySqlite, async () => {
  await inInstance(async (subject) => {
    const text = new TextEncoder().encode("no database\n".repeat(100));
    const damages: Damage[] = [
      { name: "empty", bytes: new Uint8Array() },
      { name: "text", bytes: text },
      { name: "half", bytes: subject.whole.slice(0, subject.whole.length >> 1) },
      { name: "zeros", bytes: new Uint8Array(8192) },
      { name: "header alone", bytes: subject.whole.slice(0, 100) },
    ];
    for (const { name, bytes } of damages) {
      subject.put(bytes);
      await subject.check(name, (line) => without.test(line) ? undefined : [13]);
    }
    subject.put(new Uint8Array());
    remove(subject.path);
    const foreign = new DatabaseSync(subject.path);
    foreign.exec(`CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied);
      INSERT INTO django_migrations (app, name) VALUES ('auth', '0001_initial');
      CREATE TABLE auth_user (id INTEGER PRIMARY KEY, name TEXT)`);
    foreign.close();
    await subject.check("another Django app", (line) => without.test(line) ? undefined : [13]);
    remove(subject.path);
    Deno.mkdirSync(subject.path);
    for (const verb of ["status", "add", "fsck", "list"]) {
      const said = await say(subject.world.place, verb, ...verb === "add" ? ["a"] : []);
      assert.deepEqual([said.code, said.stdout], [10, ""], said.stderr);
    }
  });
});

test(
  "databases: cut, garbled or with pages that are not its own: calm, and kept",
  onlySqlite,
  async () => {
    await seeded(async (seed) => {
      const next = random(seed);
      await inInstance(async (subject) => {
        const many = soak ? 60 : 2;
        const damages = [
          ...cuts(subject.whole, next, many),
          ...flips(subject.whole, next, many),
          ...wrongPages(subject.whole, next, many),
        ];
        for (const { name, bytes } of damages) {
          subject.put(bytes);
          await subject.check(name, () => undefined, 0.5);
        }
      });
    });
  },
);

test(
  "databases: values that no column may have are named, and nothing crashes",
  onlySqlite,
  async () => {
    await seeded(async (seed) => {
      const next = random(seed);
      await inInstance(async (subject) => {
        const all = [...filledTables(subject.path)].flatMap(([table, columns]) =>
          columns.flatMap((column) => hostileValues.map((value) => ({ table, column, value })))
        );
        for (const { table, column, value } of sample(all, next, soak ? 400 : 6)) {
          subject.put(subject.whole);
          if (!plant(subject.path, table, column, value)) continue;
          await subject.check(
            `${table}.${column} = ${String(value).slice(0, 40)}`,
            () => undefined,
            0.5,
          );
        }
      });
    });
  },
);

test(
  "databases: fsck names the row, the column and the table that is wrong",
  onlySqlite,
  async () => {
    await inInstance(async (subject) => {
      const fsck = () => say(subject.world.place, "fsck");
      const cases: [string, string, typeof hostileValues[number], RegExp][] = [
        [
          "lamindb_artifact",
          "key",
          new Uint8Array([1]),
          /row 1 of lamindb_artifact has no text as key/,
        ],
        [
          "lamindb_artifact",
          "size",
          "many",
          /row 1 of lamindb_artifact has no whole number as size/,
        ],
        ["lamindb_artifact", "is_latest", 2, /has no true or false as is_latest/],
        ["lamindb_artifact", "created_at", "soon", /has no time as created_at/],
        ["lamindb_artifact", "_aux", "{broken", /has no JSON as _aux/],
        ["lamindb_artifact", "uid", null, /has no text as uid/],
        ["lamin_content", "artifact_id", 2n ** 63n - 1n, /lamin_content has no whole number/],
      ];
      for (const [table, column, value, sentence] of cases) {
        subject.put(subject.whole);
        assert.ok(plant(subject.path, table, column, value), column);
        const { code, stdout } = await fsck();
        assert.equal(code, 13, stdout);
        assert.match(stdout, sentence);
      }
      for (
        const sql of [
          "DROP TABLE lamindb_run",
          "ALTER TABLE lamindb_user RENAME COLUMN name TO title",
        ]
      ) {
        subject.put(subject.whole);
        const database = new DatabaseSync(subject.path);
        database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
        database.close();
        const { code, stdout } = await fsck();
        assert.deepEqual([code], [13], stdout);
        assert.match(stdout, /the table lamindb_(run is missing|user has no column name)/);
        await subject.check(sql, () => undefined);
      }
      subject.put(subject.whole);
      assert.equal((await fsck()).code, 0);
    });
  },
);

test("databases: the log of another database beside one: calm", onlySqlite, async () => {
  await inInstance(async (subject) => {
    const other = `${subject.world.root}/../other.db`;
    const database = new DatabaseSync(other);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    const log = Deno.readFileSync(`${other}-wal`);
    database.close();
    subject.put(subject.whole);
    Deno.writeFileSync(`${subject.path}-wal`, log);
    await subject.check("another's log", (line) => without.test(line) ? undefined : [13]);
    assert.equal(Buffer.compare(Deno.readFileSync(subject.path), subject.whole), 0, "it is kept");
    remove(`${subject.path}-wal`);
    remove(`${subject.path}-shm`);
    assert.equal((await say(subject.world.place, "fsck")).code, 0, "as the hint says");
  });
});
