/** What SQLite puts in words by itself is what is read value by value. */

import { deepEqual, notEqual, ok } from "node:assert/strict";
import { allRegistries } from "../../../cli/modules.ts";
import { shapesOf } from "../../../core/sync/open_side.ts";
import { InstanceRows } from "../../../core/sync/rows/instance_rows.ts";
import { rowHash } from "../../../core/sync/rows/row_hash.ts";
import type { RowState } from "../../../core/sync/rows/row_source.ts";
import type { Reader } from "../../../store/database/database.ts";
import { type OpenInstance, withOpenInstance } from "../../open_instance.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";

/** The states of all rows, by table; `bySql` lets SQLite put them in words. */
async function statesOf(
  { instance, reader }: OpenInstance,
  bySql: boolean,
): Promise<Map<string, RowState[]>> {
  const hashing = await instance.host.hashing();
  const shapes = shapesOf(allRegistries());
  const rows = new InstanceRows({
    reader: bySql ? reader : asOther(reader),
    shapes,
    hash: rowHash(hashing),
    managedStorageIds: instance.managedStorageIds,
    ownStorage: instance.ownStorage,
  });
  const found = new Map<string, RowState[]>();
  for (const table of shapes.keys()) {
    const states = (await Array.fromAsync(rows.states(table))).flat();
    if (states.length > 0) found.set(table, states);
  }
  return found;
}

/** Of other engines every value is read. */
function asOther(reader: Reader): Reader {
  return {
    dialect: { ...reader.dialect, name: "postgres" },
    all: (sql, parameters) => reader.all(sql, parameters),
    first: (sql, parameters) => reader.first(sql, parameters),
    iterate: (sql, parameters) => reader.iterate(sql, parameters),
    select: (table, condition, parameters) => reader.select(table, condition, parameters),
    hasTable: (name) => reader.hasTable(name),
    tablesAmong: (names) => reader.tablesAmong(names),
    othersVersion: () => reader.othersVersion(),
    columnsOf: (table) => reader.columnsOf(table),
  };
}

for (const name of ["lamindb-2.12.1", "lamindb-1.1.0"] as const) {
  test(`rows of ${name} in words are those that are read`, onlySqlite, async () => {
    await withOpenInstance(name, async (open) => {
      const [fast, slow] = [await statesOf(open, true), await statesOf(open, false)];
      deepEqual(fast, slow);
      ok([...fast.values()].flat().length > 100);
    });
  });
}

/** Values that are odd somewhere, as SQL. */
const odd = [
  "'a' || char(0) || 'b'",
  "'\\u0000'",
  `'"\\''' || char(1, 8, 9, 10, 127, 8232, 128512)`,
  "CAST(x'eda080ff' AS TEXT)",
  "x'00ff'",
  "''",
  "NULL",
  "1",
  "-1",
  "0.5",
  "1e300",
  "9e999",
  "9007199254740991",
  "'2026-02-30 10:00:00'",
  "'2026-02-28 10:00:00'",
  "'2024-02-29 24:00:00'",
  "'2026-01-31 23:59:60.000000'",
  "'2026-01-31 23:59:59.999999'",
  "'2026-01-31 23:59:59.999'",
  "'2026-01-31T23:59:59Z'",
  "'0000-01-01 00:00:00'",
  "'2026-01-31'",
  '\'{"b": 1, "a": [1.50]}\'',
  "'{}'",
  "' {}'",
  "printf('%1200c', 'x')",
] as const;

/** Columns of each kind, none of which has to be unique. */
const columns = [
  ["lamindb_artifact", "description"],
  ["lamindb_artifact", "suffix"],
  ["lamindb_artifact", "size"],
  ["lamindb_artifact", "n_files"],
  ["lamindb_artifact", "created_at"],
  ["lamindb_artifact", "is_locked"],
  ["lamindb_artifact", "version_tag"],
  ["lamindb_feature", "nullable"],
  ["lamindb_run", "finished_at"],
] as const;

test("odd values in words are those that are read", onlySqlite, async () => {
  const list = odd.map((value, index) => `WHEN ${index} THEN ${value}`).join(" ");
  const changes = columns.map(([table, column]) =>
    `UPDATE OR IGNORE ${table} SET ${column} = CASE (id + ${column.length}) % ${odd.length}
       ${list} END`
  );
  const shuffled = Array.from(
    { length: odd.length },
    (_, index) => changes.map((change) => change.replace("(id + ", `(id + ${index} + `)).join(";"),
  );
  const fill = `PRAGMA ignore_check_constraints = ON;
    UPDATE lamindb_artifact SET _aux = '{"af": {"0": true}}' WHERE id % 3 = 0;`;
  for (const sql of shuffled) {
    await withOpenInstance("lamindb-2.12.1", async (open) => {
      deepEqual(await statesOf(open, true), await statesOf(open, false));
    }, fill + sql);
  }
});

test("a row in words is another one when any value is", onlySqlite, async () => {
  const digests: string[] = [];
  for (const sql of ["SELECT 1", "UPDATE lamindb_artifact SET size = size + 1"]) {
    await withOpenInstance("lamindb-2.12.1", async (open) => {
      digests.push((await statesOf(open, true)).get("lamindb_artifact")![0]!.digest);
    }, sql);
  }
  notEqual(digests[0], digests[1]);
});
