import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { memorySource } from "../../../core/format/source.ts";
import { delimited } from "../../../modules/formats/delimited.ts";
import { openDelimited } from "../../../modules/formats/delimited/reader.ts";
import { LaminError } from "../../../store/errors.ts";
import {
  allRows,
  collected,
  counts,
  tableBytes,
  tableSource,
  textFacts,
  textSource,
} from "./table_facts.ts";

async function read(text: string, name = "x.csv") {
  const table = await openDelimited(textSource(name, text));
  const rows = await allRows(table);
  return { columns: table.columns.map((column) => column.name), rows, notes: table.notes };
}

async function diff(before: string, after: string, options = {}) {
  return await collected(
    delimited.diff(textSource("a.csv", before), textSource("b.csv", after), options),
  );
}

Deno.test("real tables have the columns, types and cells that pandas and Arrow find", async () => {
  assert.ok(textFacts.length >= 7);
  for (const [name, facts] of textFacts) {
    const shape = await delimited.describe(tableSource(name));
    assert.equal(shape.rows, facts.rows, name);
    assert.deepEqual(shape.columns!.map((column) => column.name), facts.columns, name);
    assert.deepEqual(shape.columns!.map((column) => column.type), facts.types, name);
    assert.deepEqual(await allRows(await openDelimited(tableSource(name))), facts.cells, name);
  }
});

Deno.test("quotes, line breaks in cells, CRLF, a byte order mark and empty cells are read", async () => {
  const table = await openDelimited(tableSource("messy.csv"));
  assert.deepEqual(table.columns.map(({ name }) => name), ["sample", "value, with comma", "note"]);
  assert.deepEqual(await allRows(table), [
    ["s1", "1", "multi\nline"],
    ["s2", "", 'quote " inside'],
    ["s 3", "-2.5e-3", "ünï"],
  ]);
  assert.deepEqual(table.notes, []);
});

Deno.test("a semicolon parts the cells where the header has no comma", async () => {
  assert.deepEqual((await read("a;b\n1,5;x\n")).rows, [["1,5", "x"]]);
  assert.deepEqual((await read('"a;b",c\n1;5,x\n')).columns, ["a;b", "c"]);
  assert.deepEqual((await read("a,b\tc\n1,2\t3\n", "x.tsv")).rows, [["1,2", "3"]]);
});

Deno.test("cells are the same wherever the text is cut into pieces", async () => {
  const bytes = tableBytes("messy.csv");
  const whole = await allRows(await openDelimited(memorySource("x.csv", bytes)));
  for (let size = 1; size <= 9; size++) {
    const pieces = {
      ...memorySource("x.csv", bytes),
      async *stream() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      },
    };
    assert.deepEqual(await allRows(await openDelimited(pieces)), whole, `pieces of ${size}`);
  }
});

Deno.test("odd headers get names as pandas gives them", async () => {
  assert.deepEqual((await read(",a,a,a.1,a\n1,2,3,4,5\n")).columns, [
    "Unnamed: 0",
    "a",
    "a.2",
    "a.1",
    "a.3",
  ]);
  const fromR = await read("x y\n".replace(" ", "\t") + "g1\t1\t2\ng2\t3\t4\n", "counts.tsv");
  assert.deepEqual(fromR.columns, ["index", "x", "y"]);
  assert.deepEqual(fromR.notes, []);
});

Deno.test("empty files, lone headers, blank lines and lone carriage returns are no trouble", async () => {
  assert.deepEqual(await read(""), { columns: [], rows: [], notes: [] });
  assert.deepEqual(await read("a,b\n"), { columns: ["a", "b"], rows: [], notes: [] });
  assert.deepEqual((await read("\n\na,b\n\n1,2\n\n\n")).rows, [["1", "2"]]);
  assert.deepEqual((await read("a\n1\n\n2\n")).rows, [["1"], [""], ["2"]]);
  assert.deepEqual((await read("a,b\r1,2\r3,4")).rows, [["1", "2"], ["3", "4"]]);
  assert.deepEqual((await read('a,b\r\n1,"2"\r\n3,"4"\n5,6')).rows, [
    ["1", "2"],
    ["3", "4"],
    ["5", "6"],
  ]);
});

Deno.test("ragged rows are reported by row, in descriptions and differences", async () => {
  const ragged = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n";
  const notes = ["Row 2 has 2 fields instead of 3.", "Row 3 has 4 fields instead of 3."];
  const shape = await delimited.describe(textSource("x.csv", ragged));
  assert.deepEqual(shape.notes, notes);
  const { changes, summary } = await diff("a,b,c\n1,2,3\n4,5,\n6,7,8\n10,11,12\n", ragged);
  const row = (number: number) => ({ before: number, after: number });
  assert.deepEqual(changes, [
    { kind: "cell", row: row(2), column: "c", before: "", after: null },
    { kind: "cell", row: row(3), column: "#4", before: null, after: "9" },
    { kind: "note", side: "after", text: notes[0] },
    { kind: "note", side: "after", text: notes[1] },
  ]);
  assert.deepEqual(counts(summary), { rows: [0, 0, 2], cells: [0, 0, 2] });
  const many = await read("a,b,c\n1,2,3\n" + "1,2\n".repeat(100));
  assert.equal(many.notes.length, 11);
  assert.equal(many.notes.at(-1), "90 more rows have too many or too few fields.");
});

Deno.test("text cells compare exactly", async () => {
  const { changes } = await diff("a\n1\nx\n", "a\n1.0\nx \n");
  assert.deepEqual(changes.map((change) => change.kind === "cell" && change.after), ["1.0", "x "]);
});

Deno.test("real sample sheets differ in these cells by position, and have no such key", async () => {
  const [before, after] = [tableSource("samplesheet.csv"), tableSource("samplesheet_bad.csv")];
  const { changes, summary } = await collected(delimited.diff(before, after, {}));
  assert.deepEqual(
    changes.map((change) =>
      change.kind === "cell" ? [change.row.after, change.column] : change.kind
    ),
    [
      [1, "cell_type"],
      [2, "treatment"],
      [2, "dose_um"],
      [3, "sample_id"],
      [3, "collected_on"],
      "row_removed",
    ],
  );
  assert.deepEqual(counts(summary), { rows: [0, 1, 3], cells: [0, 0, 5] });
  await assert.rejects(collected(delimited.diff(before, after, { on: ["sample_id"] })), (error) => {
    assert.ok(error instanceof LaminError);
    assert.equal(error.code, "failed");
    assert.match(error.message, /sample_id=S2 is not unique in samplesheet_bad.csv: rows 2 and 3/);
    return true;
  });
});

Deno.test("gzip of one and of many members is read; a cut one is damaged", async () => {
  const many = new Uint8Array([...gzipSync("a,b\n1,2\n"), ...gzipSync("3,4\n")]);
  const table = await openDelimited(memorySource("x.csv.gz", many));
  assert.deepEqual(await allRows(table), [["1", "2"], ["3", "4"]]);
  const iris = tableBytes("iris.csv.gz");
  const { changes, summary } = await collected(
    delimited.diff(tableSource("iris.csv"), memorySource("iris.csv.gz", iris), {}),
  );
  assert.deepEqual(changes, []);
  assert.equal(summary.same, true);
  for (const bytes of [iris.subarray(0, 500), iris.subarray(0, 12), many.subarray(1)]) {
    const reading = openDelimited(memorySource("x.csv.gz", bytes)).then(allRows);
    await assert.rejects(reading, { name: "LaminError", code: "damaged" });
  }
});

Deno.test("an error of the source comes through the decompression as it is", async () => {
  const source = {
    ...tableSource("iris.csv.gz"),
    async *stream() {
      yield tableBytes("iris.csv.gz").subarray(0, 100);
      throw new LaminError("denied", "no more");
    },
  };
  await assert.rejects(delimited.describe(source), { code: "denied" });
});

Deno.test("a quote that never closes is damage, said by row and without taking all memory", async () => {
  await assert.rejects(read('a,b\n1,2\n3,"4\n5,6\n'), (error) => {
    assert.ok(error instanceof LaminError);
    assert.equal(error.code, "damaged");
    assert.match(error.message, /record 3/);
    return true;
  });
  const endless = {
    ...textSource("x.csv", ""),
    async *stream() {
      yield new TextEncoder().encode('a,b\n"');
      while (true) yield new Uint8Array(1024 * 1024).fill(97);
    },
  };
  await assert.rejects(openDelimited(endless), { name: "LaminError", code: "damaged" });
});

Deno.test("a quote within a quoted cell is noted", async () => {
  const { rows, notes } = await read('a,b\n"x"y",1\nz,2\n');
  assert.deepEqual(rows, [['x"y', "1"], ["z", "2"]]);
  assert.deepEqual(notes, ["1 row has a quoted cell with a quote in it that is not doubled."]);
});

Deno.test("the suffix and the first bytes tell delimited text", () => {
  const sniff = (name: string, bytes: number[]) => delimited.sniff(Uint8Array.from(bytes), name);
  assert.equal(sniff("x.csv", [97]), true);
  assert.equal(sniff("X.TSV", []), true);
  assert.equal(sniff("x.csv.gz", [0x1f, 0x8b]), true);
  assert.equal(sniff("x.csv.gz", [97]), false);
  assert.equal(sniff("x.csv", [0xff, 0xfe, 97, 0]), false);
  assert.equal(sniff("x.txt", [97]), false);
});
