import assert from "node:assert/strict";
import { canonicalNumber } from "../../../core/diff/number.ts";
import { memorySource } from "../../../core/format/source.ts";
import { LaminError } from "../../../store/errors.ts";
import { parquet } from "../../../modules/formats/parquet.ts";
import { openParquet } from "../../../modules/formats/parquet/reader.ts";
import { openDelimited } from "../../../modules/formats/delimited/reader.ts";
import {
  allRows,
  collected,
  counts,
  parquetFacts,
  tableBytes,
  tableSource,
} from "./table_facts.ts";

/** An Arrow type as Parquet alone can tell it, without what Arrow keeps in its own metadata. */
function storedType(arrowType: string): string {
  return arrowType
    .replace(/dictionary<values=([a-z]+), indices=[a-z0-9]+, ordered=[01]>/g, "$1")
    .replace(/large_string/g, "string")
    .replace(/duration\[ns\]/g, "int64")
    .replace(/tz=[^\]]+/g, "tz=UTC")
    .replace(/ \('[^']*'\)/g, "")
    .replace(/ not null/g, "");
}

Deno.test("descriptions have the rows, columns and types that pyarrow finds", async () => {
  assert.ok(parquetFacts.length >= 20);
  for (const [name, { rows, columns }] of parquetFacts) {
    const shape = await parquet.describe(tableSource(name));
    assert.equal(shape.rows, rows, name);
    assert.equal(shape.observations, rows, name);
    const stored = columns.map(({ name, type }) => ({ name, type: storedType(type) }));
    assert.deepEqual(shape.columns, stored, name);
  }
});

Deno.test("cells are what pyarrow reads, in all types, encodings, page versions and nestings", async () => {
  let cells = 0;
  for (const [name, facts] of parquetFacts) {
    const table = await openParquet(tableSource(name));
    const rows = await allRows(table);
    assert.equal(rows.length, facts.rows, name);
    facts.cells.forEach((expected, row) =>
      expected.forEach((cell, index) => {
        const column = table.columns[index]!;
        const place = `${name}, row ${row + 1}, ${column.name}`;
        const found = rows[row]![index]!;
        cells++;
        if (cell === null || found === null || !isFloat(column.type)) {
          assert.equal(found, cell, place);
          return;
        }
        // Python writes 1.0, 1e+16 and inf where JavaScript writes 1, 10000000000000000 and
        // Infinity.
        const kind = column.number!;
        const python = cell.replace("inf", "Infinity");
        assert.equal(canonicalNumber(found, kind), canonicalNumber(python, kind), place);
      })
    );
  }
  assert.ok(cells > 10_000);
});

function isFloat(type: string): boolean {
  return ["halffloat", "float", "double"].includes(type);
}

Deno.test("iris is the same table in every compression, and the same as the text", async () => {
  const text = await allRows(await openDelimited(tableSource("iris.csv")));
  for (const codec of ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]) {
    const name = `iris_${codec}.parquet`;
    const rows = await allRows(await openParquet(tableSource(name)));
    assert.deepEqual(
      rows.map((row) => row.map((cell, index) => index < 4 ? Number(cell) : cell)),
      text.map((row) => row.map((cell, index) => index < 4 ? Number(cell) : cell)),
      name,
    );
    const diff = parquet.diff(tableSource("iris_none.parquet"), tableSource(name), {});
    const { changes, summary } = await collected(diff);
    assert.deepEqual(changes, [], name);
    assert.equal(summary.same, true, name);
  }
});

Deno.test("a table grows from no rows", async () => {
  const diff = parquet.diff(
    tableSource("zero_rows.parquet"),
    tableSource("iris_none.parquet"),
    { changesMax: 1 },
  );
  const { changes, summary } = await collected(diff);
  const cells = {
    sepal_length: "5.1",
    sepal_width: "3.5",
    petal_length: "1.4",
    petal_width: "0.2",
    species: "setosa",
  };
  assert.deepEqual(changes, [{ kind: "row_added", row: 1, cells }]);
  assert.deepEqual(counts(summary), { rows: [150, 0, 0] });
  assert.equal(summary.hidden, 149);
});

Deno.test("null and the empty text differ", async () => {
  const rows = await allRows(await openParquet(tableSource("rich_pandas.parquet")));
  assert.deepEqual(rows.map((row) => row[6]), ["plain", "ünïcode ✓ 🤩", "", null]);
});

Deno.test("files of many row groups are compared row by row, and by key", async () => {
  const [before, after] = [tableSource("flat_v1.parquet"), tableSource("encodings_v2.parquet")];
  for (const options of [{}, { on: ["sorted"] }, { on: ["sorted", "constant"] }]) {
    const { changes, summary } = await collected(parquet.diff(before, after, options));
    assert.deepEqual(changes, []);
    assert.equal(summary.same, true);
  }
});

Deno.test("one changed byte of a value is one changed cell", async () => {
  const bytes = tableBytes("iris_none.parquet");
  // The dictionary of the first column holds the values in the order of their first appearance.
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const at = [...bytes.keys()].find((at) => at < 200 && view.getFloat64(at, true) === 7)!;
  view.setFloat64(at, 7.5, true);
  const changed = memorySource("changed.parquet", bytes);
  const { changes, summary } = await collected(
    parquet.diff(tableSource("iris_none.parquet"), changed, {}),
  );
  assert.deepEqual(changes, [{
    kind: "cell",
    row: { before: 51, after: 51 },
    column: "sepal_length",
    before: "7",
    after: "7.5",
  }]);
  assert.deepEqual(counts(summary), { rows: [0, 0, 1], cells: [0, 0, 1] });
});

Deno.test("a missing key column is named, with the likely one", async () => {
  const diff = parquet.diff(tableSource("iris_none.parquet"), tableSource("iris_zstd.parquet"), {
    on: ["specie"],
  });
  await assert.rejects(collected(diff), (error) => {
    assert.ok(error instanceof LaminError);
    assert.equal(error.code, "usage");
    assert.match(error.hint!, /species/);
    return true;
  });
});
