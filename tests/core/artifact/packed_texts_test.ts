import assert from "node:assert/strict";
import fc from "fast-check";
import { packTexts, unpackTexts } from "../../../core/artifact/add/packed_texts.ts";

const texts = fc.array(
  fc.tuple(
    fc.constantFrom("", "d0/", "d0/f", "ä🧬/", "\ud83e", "x".repeat(300)),
    fc.string({ unit: "binary" }).map((text) => text.replace(/[\0\n]/g, "_")),
  ).map(([start, end]) => start + end),
  { minLength: 1 },
);

Deno.test("packed texts: come out as they went in, by either separator", () => {
  fc.assert(fc.property(texts, fc.constantFrom("\0", "\n"), (given, separator) => {
    assert.deepEqual(unpackTexts(packTexts(given, separator), separator), given);
  }));
});

Deno.test("packed texts: paths of one folder take as much as their names differ", () => {
  const given = Array.from({ length: 1000 }, (_, nth) => `raw/2026/plate/f${10_000 + nth}.bin`);
  assert.ok(packTexts(given).length < 9 * given.length);
});
