import assert from "node:assert/strict";
import type { NewRowOf } from "../../../store/database/table.ts";
import { type Driver, withTables } from "./driver.ts";
import { kinds, names } from "./tables.ts";

const odd = "'quoted' \"twice\" \\ back\tslash\nline\r\n$1 $$ ? -- /* 🐭 é\u0301 ß \x7f";

/** Rows as they are to come back, the id apart. */
const samples = [
  { name: odd, note: odd, count: -1, size: Number.MAX_SAFE_INTEGER, is_good: true },
  { name: "", note: "NULL", count: 2 ** 31 - 1, size: -(2 ** 52), is_good: false },
  { name: "\\N", note: "{a,b}", count: 0, size: 0, aux: '{"a": [1, "b?", null]}' },
  { aux: '"text"', at: "2026-11-24 10:20:30.456789", day: "2026-02-28" },
  { at: "1999-12-31 23:59:59.000000", aux: "null", day: "0001-01-01" },
  { exact: '{"b":1e2 ,"a":[ ],"b":"\\u0000"}' },
].map((row) => ({
  name: null,
  note: null,
  count: null,
  size: null,
  is_good: null,
  aux: null,
  exact: null,
  at: null,
  day: null,
  ...row,
})) as NewRowOf<typeof kinds>[];

export const rows = {
  async "every kind of value comes back as it was, one row and thousands alike"(driver: Driver) {
    await withTables(driver, [kinds], async (database) => {
      for (const copies of [1, 150, 400]) {
        const given = Array.from({ length: copies }, () => samples).flat();
        const ids = await database.write((writer) => writer.insert(kinds, given));
        assert.equal(new Set(ids).size, given.length);
        const list = database.dialect.valuesOf(ids);
        const condition = `id IN (${list.sql}) ORDER BY id`;
        const found = await database.read((reader) =>
          reader.select(kinds, condition, list.parameters)
        );
        assert.deepEqual(found, given.map((row, index) => ({ id: ids[index], ...row })));
      }
    });
  },

  async "ids go on after those that were given"(driver: Driver) {
    await withTables(driver, [names], async (database) => {
      const insert = (...rows: NewRowOf<typeof names>[]) =>
        database.write((writer) =>
          writer.insert(names, rows.map((row) => ({ is_on: true, ...row })))
        );
      assert.deepEqual(await insert({ name: "a" }, { name: "b" }), [1, 2]);
      assert.deepEqual(await insert({ id: 40, name: "c" }), [40]);
      assert.deepEqual(await insert({ id: 7, name: "d" }, { id: -1, name: "e" }), [7, -1]);
      assert.deepEqual(await insert({ name: "f" }), [41]);
      const many = Array.from({ length: 700 }, (_, index) => ({ name: `n${index}` }));
      assert.deepEqual(await insert(...many), many.map((_, index) => 42 + index));
      assert.deepEqual(await insert({ name: "g" }), [742]);
      assert.deepEqual(await insert(), []);
    });
  },

  async "update and delete touch the rows that are named"(driver: Driver) {
    await withTables(driver, [kinds], async (database) => {
      await database.write(async (writer) => {
        await writer.insert(kinds, samples);
        await writer.update(kinds, [1, 3], { is_good: false, name: "new", aux: '{"k": 1}' });
        await writer.update(kinds, [], { name: "none" });
        await writer.delete(kinds, [2, 99]);
        await writer.delete(kinds, []);
        assert.equal(await writer.run("UPDATE test_kind SET count = 5 WHERE id > ?", [3]), 3);
      });
      const found = await database.read((reader) => reader.select(kinds, "TRUE ORDER BY id"));
      assert.deepEqual(
        found.map(({ id, name, is_good, aux, count }) => [id, name, is_good, aux, count]),
        [
          [1, "new", false, '{"k": 1}', -1],
          [3, "new", false, '{"k": 1}', 0],
          [4, null, null, '"text"', 5],
          [5, null, null, "null", 5],
          [6, null, null, null, 5],
        ],
      );
    });
  },

  async "numbers that a column cannot hold are compared, not refused"(driver: Driver) {
    await withTables(driver, [kinds], async (database) => {
      await database.write((writer) => writer.insert(kinds, [{ count: 3, size: 4 }]));
      const count = (sql: string, value: number | bigint) =>
        database.read(async (reader) => (await reader.select(kinds, sql, [value])).length);
      assert.equal(await count("count < ?", 2 ** 40), 1);
      assert.equal(await count("count = ?", 3.5), 0);
      assert.equal(await count("size > ?", 3.5), 1);
      assert.equal(await count("size < ?", 1e300), 1);
      assert.equal(await count("size < ?", 2n ** 62n), 1);
    });
  },

  async "a question mark in a text or a name is no parameter"(driver: Driver) {
    await withTables(driver, [names], async (database) => {
      const row = await database.read((reader) =>
        reader.first(
          `SELECT '?''?' AS "a?""", name /* ? */ FROM test_name -- ?
           WHERE FALSE UNION ALL SELECT '?' , ?`,
          ["here"],
        )
      );
      assert.deepEqual({ ...row }, { 'a?"': "?", name: "here" });
    });
  },

  async "rows come one at a time while others are read, and a reader may stop early"(
    driver: Driver,
  ) {
    await withTables(driver, [names], async (database) => {
      const many = Array.from({ length: 2500 }, (_, index) => ({ name: `n${index}`, is_on: true }));
      await database.write(async (writer) => {
        await writer.insert(names, many);
        let seen = 0;
        for await (
          const row of writer.iterate("SELECT id FROM test_name WHERE id > ? ORDER BY id", [0])
        ) {
          seen++;
          assert.equal(row["id"], seen);
          if (seen % 900 === 0) assert.ok(await writer.first("SELECT 1 AS one"));
        }
        assert.equal(seen, 2500);
        for await (const row of writer.iterate("SELECT id FROM test_name ORDER BY id")) {
          assert.equal(row["id"], 1);
          break;
        }
        for await (const _ of writer.iterate("SELECT id FROM test_name WHERE FALSE")) assert.fail();
      });
    });
  },

  async "tables and columns are told, and hidden by views for one connection"(driver: Driver) {
    await withTables(driver, [names, kinds], async (database, open) => {
      await database.read(async (reader) => {
        assert.equal(await reader.hasTable("test_name"), true);
        assert.equal(await reader.hasTable("TEST_NAME"), false);
        assert.equal(await reader.hasTable("test_nothing"), false);
        assert.deepEqual(await reader.columnsOf("test_name"), ["id", "name", "is_on"]);
        assert.deepEqual(await reader.columnsOf("test_nothing"), []);
      });
      await database.write((writer) => writer.insert(names, [{ name: "a", is_on: true }]));
      const hidden = database.dialect.unhidden("test_name");
      await database.shadow(
        new Map([
          ["test_name", `SELECT id, 'view' AS name, is_on FROM ${hidden}`],
          ["test_other", "SELECT 1 AS id"],
        ]),
      );
      const seen = (reader = database) =>
        reader.read(async (one) => (await one.select(names))[0]!.name);
      assert.equal(await seen(), "view");
      assert.equal(await database.read((reader) => reader.hasTable("test_other")), false);
      const other = await open();
      assert.equal(await seen(other), "a");
      await other.close();
    });
  },

  async "indexes are there again after many rows, and unique values stayed unique"(driver: Driver) {
    await withTables(driver, [names, kinds], async (database) => {
      const indexes = () =>
        database.read(async (reader) => {
          const sql = reader.dialect.name === "sqlite"
            ? "SELECT sql AS made FROM sqlite_master WHERE type = 'index'"
            : "SELECT indexdef AS made FROM pg_indexes WHERE schemaname = 'public'";
          return (await reader.all<{ made: string }>(sql)).map(({ made }) => made).sort();
        });
      const before = await indexes();
      const insert = (texts: readonly string[]) =>
        database.write((writer) =>
          writer.withoutIndexes(
            { tables: [names, kinds], kept: ["name"], count: 700 },
            async () => {
              await writer.insert(names, texts.map((name) => ({ name, is_on: true })));
              await writer.insert(kinds, texts.map((name) => ({ name, note: name })));
            },
          )
        );
      await insert(Array.from({ length: 600 }, (_, index) => `n${index}`));
      assert.deepEqual(await indexes(), before);
      await assert.rejects(insert(["again", "n7"]));
      assert.deepEqual(await indexes(), before);
    });
  },

  async "megabytes of rows of two tables in turns are there under the ids that were given"(
    driver: Driver,
  ) {
    await withTables(driver, [names, kinds], async (database) => {
      const piece = Array.from({ length: 700 }, (_, nth) => nth);
      const turns = Array.from({ length: 8 }, (_, turn) => turn);
      const note = "é".repeat(400);
      const insertAll = (start: number, fails: boolean) =>
        database.write((writer) =>
          writer.withoutIndexes(
            { tables: [names, kinds], kept: [], count: turns.length * piece.length },
            async () => {
              const given: number[] = [];
              for (const turn of turns) {
                const texts = piece.map((nth) => `n${start + turn * piece.length + nth}`);
                const rows = texts.map((name) => ({ name, is_on: true }));
                const ids = await writer.insert(names, rows);
                await writer.insert(kinds, ids.map((count) => ({ count, note })));
                given.push(...ids);
              }
              if (fails) throw new Error("changed its mind");
              return given;
            },
          )
        );
      await assert.rejects(insertAll(0, true), /changed its mind/);
      const given = [...await insertAll(0, false), ...await insertAll(1e6, false)];
      const found = await database.read((reader) => reader.select(names, "TRUE ORDER BY id"));
      assert.deepEqual(found.map(({ id }) => id), given);
      assert.equal(found.at(-1)!.name, `n${1e6 + turns.length * piece.length - 1}`);
      const others = await database.read((reader) => reader.select(kinds, "TRUE ORDER BY id"));
      assert.deepEqual(others.map(({ count }) => count), given);
      const [next] = await database.write((writer) =>
        writer.insert(names, [{ name: "next", is_on: true }])
      );
      assert.ok(next! > given.at(-1)!);
    });
  },

  async "what many rows fail at shows before the transaction ends, and the next one works"(
    driver: Driver,
  ) {
    // The second is more than is sent at once.
    for (const [length, end] of [[600, ""], [12_000, "x".repeat(400)]] as const) {
      await withTables(driver, [names], async (database) => {
        const many = Array.from({ length }, (_, nth) => ({ name: `n${nth}${end}`, is_on: true }));
        await database.write(async (writer) => void await writer.insert(names, many));
        let isAfter = false;
        await assert.rejects(database.write(async (writer) => {
          await writer.insert(names, many);
          await writer.all("SELECT 1 AS one");
          isAfter = true;
        }));
        assert.equal(isAfter, false);
        await assert.rejects(database.write((writer) => writer.insert(names, many)));
        await database.write(async (writer) =>
          void await writer.insert(names, [{ name: "new", is_on: true }])
        );
        const count = await database.read((reader) =>
          reader.first<{ count: number }>(`SELECT count(*) AS count FROM ${names.name}`)
        );
        assert.equal(Number(count?.count), length + 1);
      });
    }
  },

  async "a sound database has no faults"(
    driver: Driver,
  ) {
    await withTables(driver, [names], async (database) => {
      assert.deepEqual(await database.check(), []);
    });
  },
};
