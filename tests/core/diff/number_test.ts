import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalNumber } from "../../../core/diff/number.ts";

Deno.test("spellings of one value are one text", () => {
  for (
    const [text, kind, canonical] of [
      ["007", "integer", "7"],
      ["-0", "integer", "0"],
      ["+5", "integer", "5"],
      ["9007199254740993", "integer", "9007199254740993"],
      ["1.10", "decimal", "1.1"],
      ["-0.00", "decimal", "0"],
      ["100", "decimal", "100"],
      ["1.0", "float64", "1"],
      ["1e21", "float64", "1000000000000000000000"],
      ["1.5e-7", "float64", "0.00000015"],
      ["-1e-7", "float64", "-0.0000001"],
      ["0.1", "float64", "0.1"],
      ["0.1", "float32", "0.10000000149011612"],
      ["-0", "float64", "0"],
      ["NaN", "float64", "NaN"],
      ["Infinity", "float32", "Infinity"],
      ["9007199254740993", "float64", "9007199254740992"],
      ["0x12", "decimal", "0x12"],
      ["many", "float64", "many"],
    ] as const
  ) assert.equal(canonicalNumber(text, kind), canonical, `${text} as ${kind}`);
});

Deno.test("floats have one text each, and it reads back as them", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const text = canonicalNumber(`${value}`, "float64");
    assert.equal(Number(text), value === 0 ? 0 : value);
    assert.doesNotMatch(text, /e/i.test(`${value}`) && Number.isFinite(value) ? /e/i : /x/);
  }));
});
