import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cell, Change } from "../../../core/format/change.ts";
import type { DiffOptions } from "../../../core/format/format.ts";
import { diffTables, tableTally } from "../../../core/diff/table.ts";
import type { Row, TableColumn, TableReader } from "../../../core/diff/table_reader.ts";
import { LaminError } from "../../../store/errors.ts";

interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
}

const text = (...names: string[]) => names.map((name) => ({ name, type: "text" }));

/** A reader that gives the rows in batches of uneven sizes. */
function reader(name: string, { columns, rows }: Table): TableReader {
  return {
    name,
    columns,
    notes: [],
    async *batches() {
      for (let at = 0, size = 1; at < rows.length; at += size, size = size % 3 + 1) {
        yield rows.slice(at, at + size);
        yield [];
      }
    },
  };
}

async function diff(before: Table, after: Table, options: DiffOptions = {}) {
  const tally = tableTally(options);
  const changes: Change[] = [];
  const work = diffTables(reader("before", before), reader("after", after), options, tally);
  for await (const change of work) changes.push(change);
  const summary = tally.summary("table", { size: 0 }, { size: 0 });
  const counts = Object.fromEntries(
    summary.counts.map(({ of, added, removed, changed }) => [of, [added, removed, changed]]),
  );
  return { changes, summary, counts };
}

/** A table as records by row number, with which changes can be applied. */
type Records = Map<number, Map<string, Cell>>;

function records({ columns, rows }: Table): Records {
  return new Map(rows.map((row, index) => [
    index + 1,
    new Map(columns.map(({ name }, column) => [name, row[column] ?? null])),
  ]));
}

/**
 * The table after the changes, by position or, where rows have keys, as a set; and the names of
 * columns whose cells the changes do not tell.
 */
function applied(before: Table, changes: readonly Change[], isKeyed: boolean) {
  const rows = records(before);
  const result: Records = new Map();
  let names = before.columns.map((column) => column.name);
  const added: string[] = [];
  const gone = new Set<number>();
  for (const change of changes) {
    if (change.kind === "column_removed") names = names.filter((name) => name !== change.column);
    else if (change.kind === "column_order") names = [...change.columns];
    else if (change.kind === "column_added") added.push(change.column);
    else if (change.kind === "row_removed") {
      assert.deepEqual(new Map(Object.entries(change.cells)), rows.get(change.row));
      gone.add(change.row);
    } else if (change.kind === "row_added") {
      result.set(change.row, new Map(Object.entries(change.cells)));
    } else if (change.kind === "cell") {
      const row = rows.get(change.row.before)!;
      assert.equal(row.get(change.column), change.before);
      row.set(change.column, change.after);
      if (!isKeyed) assert.equal(change.row.before, change.row.after);
    }
  }
  const kept = [...rows].filter(([row]) => !gone.has(row));
  return { kept, added: result, names: [...names, ...added], untold: new Set(added) };
}

const cell = fc.constantFrom("", "a", "b", null);
const names = fc.subarray(["k", "x", "__proto__", "1", "y"], { minLength: 1 });
const tables = fc.tuple(names, names).chain(([one, other]) => {
  const table = (columns: string[]) =>
    fc.record({
      columns: fc.shuffledSubarray(columns, { minLength: columns.length }).map((list) =>
        text(...list)
      ),
      rows: fc.array(
        fc.array(cell, { minLength: columns.length, maxLength: columns.length }),
        { maxLength: 8 },
      ),
    });
  return fc.tuple(table(one), table(other));
});

Deno.test("applying the changes of any two tables by position gives the other", async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ([before, after]) => {
      const { changes, summary, counts } = await diff(before, after);
      const { kept, added, names, untold } = applied(before, changes, false);
      assert.deepEqual(names.toSorted(), after.columns.map(({ name }) => name).toSorted());
      const wanted = records(after);
      for (const [row, cells] of kept) {
        for (const name of names) {
          if (!untold.has(name)) assert.equal(cells.get(name), wanted.get(row)!.get(name));
        }
        wanted.delete(row);
      }
      assert.deepEqual(added, wanted);
      const kinds = changes.map((change) => change.kind);
      const count = (kind: string) => kinds.filter((one) => one === kind).length;
      assert.deepEqual(counts.cells, [0, 0, count("cell")]);
      assert.deepEqual(counts.rows!.slice(0, 2), [count("row_added"), count("row_removed")]);
      assert.deepEqual(counts.columns, [count("column_added"), count("column_removed"), 0]);
      assert.equal(summary.same, changes.length === 0);
    }),
    { numRuns: 500 },
  );
});

Deno.test("applying the changes of any two tables by key gives the other's rows", async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ([one, other]) => {
      const keyed = ({ columns, rows }: Table, from: number): Table => ({
        columns: [...columns, { name: "key", type: "text" }],
        rows: rows.map((row, index) => [...row, index === 3 ? null : `${(index * 7 + from) % 11}`]),
      });
      const [before, after] = [keyed(one, 0), keyed(other, 2)];
      const { changes } = await diff(before, after, { on: ["key"] });
      const { kept, added, names, untold } = applied(before, changes, true);
      const told = names.filter((name) => !untold.has(name));
      const byKey = (rows: Iterable<Map<string, Cell>>) =>
        new Map([...rows].map((cells) => [cells.get("key"), told.map((name) => cells.get(name))]));
      const result = byKey([...kept.map(([, cells]) => cells), ...added.values()]);
      assert.deepEqual(result, byKey(records(after).values()));
    }),
    { numRuns: 500 },
  );
});

const numbers = (type: string, number: NonNullable<TableColumn["number"]>) => [
  { name: "n", type, number },
];

Deno.test("numbers compare by value, whatever their types; text compares exactly", async () => {
  const same = async (a: [string, TableColumn[]], b: [string, TableColumn[]]) => {
    const before = { columns: a[1], rows: [[a[0]]] };
    const after = { columns: b[1], rows: [[b[0]]] };
    return (await diff(before, after)).counts.cells![2] === 0;
  };
  const integer = numbers("int64", "integer");
  const double = numbers("double", "float64");
  const float = numbers("float", "float32");
  const decimal = numbers("decimal128(5, 2)", "decimal");
  assert.equal(await same(["1", integer], ["1", double]), true);
  assert.equal(await same(["1", integer], ["1.00", decimal]), true);
  assert.equal(await same(["9007199254740993", integer], ["9007199254740992", double]), false);
  assert.equal(await same(["0.1", float], ["0.1", double]), false);
  assert.equal(await same(["0.1", float], ["0.10000000149011612", double]), true);
  assert.equal(await same(["NaN", double], ["NaN", float]), true);
  assert.equal(await same(["0", double], ["-0", double]), true);
  assert.equal(await same(["1", text("n")], ["1.0", double]), false);
  assert.equal(await same(["1", text("n")], ["01", text("n")]), false);
  const { changes } = await diff({ columns: integer, rows: [] }, { columns: double, rows: [] });
  assert.deepEqual(changes, [
    { kind: "column_type", column: "n", before: "int64", after: "double" },
  ]);
});

Deno.test("keys of numbers match by value", async () => {
  const before = { columns: numbers("int64", "integer"), rows: [["1"], ["2"]] };
  const after = { columns: numbers("double", "float64"), rows: [["2"], ["1"]] };
  assert.deepEqual((await diff(before, after, { on: ["n"] })).counts.rows, [0, 0, 0]);
});

Deno.test("a cell that changed is told with its rows, key and column", async () => {
  const before = { columns: text("id", "age"), rows: [["41", "30"], ["42", "31"]] };
  const after = { columns: text("id", "age"), rows: [["42", "32"], ["43", "1"]] };
  const { changes } = await diff(before, after, { on: ["id"] });
  assert.deepEqual(changes, [
    {
      kind: "cell",
      row: { before: 2, after: 1 },
      key: { id: "42" },
      column: "age",
      before: "31",
      after: "32",
    },
    { kind: "row_added", row: 2, key: { id: "43" }, cells: { id: "43", age: "1" } },
    { kind: "row_removed", row: 1, key: { id: "41" }, cells: { id: "41", age: "30" } },
  ]);
});

Deno.test("a key that two rows of a side have is an error that names it", async () => {
  const once = { columns: text("a", "b"), rows: [["1", null], ["1", ""], ["2", ""]] };
  const twice = { columns: text("a", "b"), rows: [...once.rows, ["1", null]] };
  const unmatched = { columns: text("a", "b"), rows: [["9", "9"], ["9", "9"]] };
  for (
    const [before, after, name, key, rows] of [
      [twice, once, "before", /a=1, b=\(null\)/, [1, 4]],
      [once, twice, "after", /a=1, b=\(null\)/, [1, 4]],
      [once, unmatched, "after", /a=9, b=9/, [1, 2]],
    ] as const
  ) {
    await assert.rejects(diff(before, after, { on: ["a", "b"] }), (error) => {
      assert.ok(error instanceof LaminError);
      assert.equal(error.code, "failed");
      assert.match(error.message, key);
      assert.deepEqual(error.data.rows, rows);
      assert.equal(error.data.name, name);
      return true;
    });
  }
});

Deno.test("keys of null, of the empty text and of what looks like both stay apart", async () => {
  const columns = text("a");
  const rows = [[null], [""], ["[null]"], ["null"], ["="]];
  const { counts } = await diff({ columns, rows }, { columns, rows: rows.toReversed() }, {
    on: ["a"],
  });
  assert.deepEqual(counts.rows, [0, 0, 0]);
});

Deno.test("limits hide changes, and all are counted", async () => {
  const before = { columns: text("a", "b"), rows: Array.from({ length: 50 }, () => ["1", "2"]) };
  const after = { columns: text("b"), rows: Array.from({ length: 60 }, () => ["3"]) };
  for (const changesMax of [0, 1, 10]) {
    const { changes, summary, counts } = await diff(before, after, { changesMax });
    assert.equal(changes.length, changesMax);
    assert.equal(summary.hidden, 61 - changesMax);
    assert.deepEqual(counts, { columns: [0, 1, 0], rows: [10, 0, 50], cells: [0, 0, 50] });
  }
});

Deno.test("columns in another order are a difference without changed cells", async () => {
  const before = { columns: text("a", "b", "c"), rows: [["1", "2", "3"]] };
  const after = { columns: text("c", "a", "b"), rows: [["3", "1", "2"]] };
  const { changes, summary } = await diff(before, after);
  assert.deepEqual(changes, [{ kind: "column_order", columns: ["c", "a", "b"] }]);
  assert.equal(summary.same, false);
});

Deno.test("a reader is let go of when nobody wants more changes", async () => {
  let isClosed = false;
  const endless: TableReader = {
    name: "endless",
    columns: text("a"),
    notes: [],
    async *batches() {
      try {
        while (true) yield [["1"]];
      } finally {
        isClosed = true;
      }
    },
  };
  const other = reader("other", { columns: text("a"), rows: [["2"]] });
  for await (const change of diffTables(other, endless, {})) {
    if (change.kind === "row_added") break;
  }
  assert.equal(isClosed, true);
});
