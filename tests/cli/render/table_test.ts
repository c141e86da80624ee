import assert from "node:assert/strict";
import fc from "fast-check";
import { paint } from "../../../cli/render/paint.ts";
import { fitWidths, renderTable } from "../../../cli/render/table.ts";
import { cutToWidth, padToWidth, prepareWidths, textWidth } from "../../../cli/render/width.ts";

await prepareWidths(["細"]);

Deno.test("width: wide characters take two columns, combining ones none", () => {
  const widths: Record<string, number> = {
    "abc": 3,
    "ñandú": 5,
    "e\u0301": 1,
    "細胞": 4,
    "👩‍🔬": 2,
    "→ … ✓": 5,
    "": 0,
  };
  for (const [text, width] of Object.entries(widths)) assert.equal(textWidth(text), width, text);
});

Deno.test("width: a cut text is as wide as asked at most, and whole where it fits", () => {
  assert.equal(cutToWidth("a long name", 6), "a lon…");
  assert.equal(cutToWidth("細胞培養", 6), "細胞…");
  assert.equal(cutToWidth("👩‍🔬👩‍🔬", 3), "👩‍🔬…");
  assert.equal(cutToWidth("abc", 3), "abc");
  assert.equal(cutToWidth("abc", 0), "");
  assert.equal(padToWidth("細", 4), "細  ");
  assert.equal(padToWidth("7", 3, "right"), "  7");
  const texts = fc.string({ unit: "grapheme" });
  fc.assert(fc.property(texts, fc.nat(30), (text, width) => {
    const cut = cutToWidth(text, width);
    return textWidth(cut) <= width && (textWidth(text) > width || cut === text);
  }));
});

Deno.test("table: the widest columns give way first, whole ones never", () => {
  assert.deepEqual(fitWidths([20, 30, 50], [false, false, false], 104), [20, 30, 50]);
  assert.deepEqual(fitWidths([20, 30, 50], [false, false, false], 84), [20, 30, 30]);
  assert.deepEqual(fitWidths([20, 30, 50], [false, false, false], 64), [20, 20, 20]);
  assert.deepEqual(fitWidths([20, 30, 50], [true, false, false], 54), [20, 15, 15]);
  assert.deepEqual(fitWidths([20, 30], [true, false], 10), [20, 8]);
  const widths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(widths, fc.integer({ min: 1, max: 200 }), (natural, width) => {
    const fitted = fitWidths(natural, natural.map(() => false), width);
    const total = fitted.reduce((sum, one) => sum + one, 2 * (fitted.length - 1));
    const isNarrowest = fitted.every((one, index) =>
      one <= Math.max(8, Math.min(8, natural[index]!))
    );
    return fitted.every((one, index) => one <= natural[index]!) && (total <= width || isNarrowest);
  }));
});

Deno.test("table: cells stand under their titles, numbers at the right", () => {
  const columns = [{ title: "name" }, { title: "size", align: "right" as const }];
  const rows = [["細胞.csv", "7"], ["a", "1000"]];
  assert.equal(
    renderTable(columns, rows, { width: Infinity, paint: paint(false) }),
    ["name      size", "細胞.csv     7", "a         1000"].join("\n"),
  );
});
