import assert from "node:assert/strict";
import { renderChange, renderNames } from "../../../cli/render/diff.ts";
import { renderStat } from "../../../cli/render/diff_stat.ts";
import { paint } from "../../../cli/render/paint.ts";
import type { Change, Count, Summary } from "../../../core/format/change.ts";

const plain = paint(false);
const shown = (change: Change) => renderChange(change, plain);

function summary(counts: Count[], more: Partial<Summary> = {}): Summary {
  const size = { before: 10, after: 20 };
  return { kind: "summary", format: "x", same: false, counts, hidden: 0, size, ...more };
}

Deno.test("lines look as in the unified format", () => {
  const change: Change = {
    kind: "lines",
    before: { start: 3, count: 2 },
    after: { start: 3, count: 1 },
    lines: [
      { sign: " ", text: "a\tb" },
      { sign: "-", text: "old\r" },
      { sign: "+", text: "new\x1b[31m", unended: true },
    ],
  };
  assert.equal(
    shown(change),
    "@@ -3,2 +3 @@\n a\tb\n-old\\x0d\n+new\\x1b[31m\n\\ No newline at end of file",
  );
  assert.ok(renderChange(change, paint(true)).includes("\x1b[31m-old\\x0d\x1b[39m"));
  assert.equal(
    shown({
      kind: "unaligned",
      before: { start: 2, count: 100 },
      after: { start: 1, count: 0 },
    }),
    "@@ -2,100 +1,0 @@ too large to compare line by line",
  );
});

Deno.test("changes of tables are a line each", () => {
  const row = { before: 17, after: 17 };
  for (
    const [change, text] of [
      [
        { kind: "cell", row, key: { id: "42" }, column: "age", before: "31", after: "32" },
        "~ row 17 (id=42)  age: 31 → 32",
      ],
      [
        { kind: "cell", row: { before: 1, after: 2 }, column: "a\n", before: null, after: "" },
        '~ row 1 → 2  a\\x0a: null → ""',
      ],
      [
        { kind: "cell", row, column: "a", before: "null", after: " x", part: "obs" },
        'obs: ~ row 17  a: "null" → " x"',
      ],
      [{ kind: "row_added", row: 3, cells: { a: "1", b: null } }, "+ row 3  a: 1  b: null"],
      [
        { kind: "row_removed", row: 3, key: { a: "1" }, cells: { a: "1", b: "x" } },
        "- row 3 (a=1)  a: 1  b: x",
      ],
      [{ kind: "column_added", column: "x", type: "int64", position: 1 }, "+ column x: int64"],
      [{ kind: "column_removed", column: "x", type: "int64", position: 1 }, "- column x: int64"],
      [
        { kind: "column_type", column: "x", before: "int64", after: "double" },
        "~ column x: int64 → double",
      ],
      [{ kind: "column_order", columns: ["b", "a"] }, "~ columns now in the order b, a"],
      [{ kind: "note", side: "after", text: "Row 2 is odd." }, "! after: Row 2 is odd."],
    ] as const
  ) assert.equal(shown(change), text);
});

Deno.test("files and bytes are a line each", () => {
  const sha256 = "0123456789abcdef".repeat(4);
  const side = { size: 2048, sha256 };
  for (
    const [change, text] of [
      [{ kind: "file_added", path: "a/b", ...side }, "A a/b  2.0 KB"],
      [{ kind: "file_removed", path: "a\x07", ...side }, "D a\\x07  2.0 KB"],
      [
        { kind: "file_changed", path: "a", before: side, after: { ...side, size: 1 } },
        "M a  2.0 KB → 1 B",
      ],
      [{ kind: "file_renamed", from: "a", path: "b", ...side }, "R a → b"],
      [
        { kind: "bytes", before: side, after: { size: 9 }, offset: 5 },
        "~ bytes differ from offset 5: 2048 bytes 0123456789ab → 9 bytes",
      ],
      [
        { kind: "bytes", before: { size: 8 }, after: { size: 9 }, offset: 5, same: true },
        "~ same content, stored in other bytes from offset 5: 8 bytes → 9 bytes",
      ],
    ] as const
  ) assert.equal(shown(change), text);
  assert.equal(renderNames("a@1", "b\x1b", plain), "--- a@1\n+++ b\\x1b");
});

Deno.test("a summary speaks only of what was hidden", () => {
  assert.equal(shown(summary([])), "");
  assert.equal(shown(summary([], { hidden: 12_345 })), "… 12,345 more changes");
});

Deno.test("--stat has a line for each content and a sum", () => {
  const lines = (added: number, removed: number) => ({ of: "lines", added, removed, changed: 0 });
  const text = renderStat([
    { name: "a.txt", summary: summary([lines(3, 2)]) },
    { name: "long name.txt", summary: summary([lines(200, 0)], { approximate: true }) },
    {
      name: "t.parquet",
      summary: summary([
        { of: "columns", added: 1, removed: 0, changed: 0 },
        { of: "rows", added: 1, removed: 2, changed: 3 },
        { of: "cells", added: 0, removed: 0, changed: 5 },
      ]),
    },
    { name: "x.bin", summary: summary([]) },
    { name: "y.csv", summary: summary([], { same: true, identical: false }) },
    { name: "z.csv", summary: summary([], { same: true, identical: true }) },
    {
      name: "dir",
      summary: summary([{ of: "files", added: 0, removed: 0, changed: 0, renamed: 1 }]),
    },
  ], plain);
  assert.deepEqual(text.split("\n"), [
    " a.txt         | 5 +-",
    ` long name.txt | about 200 ${"+".repeat(40)}`,
    " t.parquet     | 1 column +1, 6 rows +1 -2 ~3, 5 cells",
    " x.bin         | 10 -> 20 bytes",
    " y.csv         | same content, stored in other bytes",
    " z.csv         | no difference",
    " dir           | 1 file →1",
    " 6 files changed, 203 lines added(+), 2 lines removed(-), 1 column +1, 6 rows +1 -2 ~3, " +
    "5 cells, 1 file →1",
  ]);
  assert.equal(renderStat([], plain), "");
});
