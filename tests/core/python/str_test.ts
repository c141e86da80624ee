import assert from "node:assert/strict";
import fc from "fast-check";
import { floatRepr } from "../../../core/python/float.ts";
import { compareCodePoints } from "../../../core/python/order.ts";
import { parseJson } from "../../../core/python/parse_json.ts";
import { pythonRepr, pythonStr } from "../../../core/python/str.ts";
import { pythonCorpus } from "../python_corpus.ts";

Deno.test("str and repr are Python's", () => {
  for (const { text, str, repr } of pythonCorpus.json) {
    const value = parseJson(text);
    assert.equal(pythonStr(value), str, text);
    assert.equal(pythonRepr(value), repr, text);
  }
});

Deno.test("floats are written as Python's repr", () => {
  assert.ok(pythonCorpus.floats.length > 300);
  const view = new DataView(new ArrayBuffer(8));
  for (const [hex, repr] of pythonCorpus.floats) {
    view.setBigUint64(0, BigInt(`0x${hex}`));
    assert.equal(floatRepr(view.getFloat64(0)), repr, hex);
  }
  assert.deepEqual([NaN, Infinity, -Infinity, -0].map(floatRepr), ["nan", "inf", "-inf", "-0.0"]);
});

Deno.test("a float's text reads back as the same float", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = floatRepr(value);
    assert.ok(Object.is(Number(text), value));
    assert.match(text, /^-?(\d+\.\d+|\d(\.\d+)?e[-+]\d{2,})$/);
  }));
});

Deno.test("strings are ordered by code points, as Python orders them", () => {
  assert.deepEqual([...pythonCorpus.order].reverse().sort(compareCodePoints), pythonCorpus.order);
  const text = fc.string({
    unit: fc.constantFrom("a", "\ud800", "\udc00", "\ue000", "\uffff", "😀"),
  });
  const points = (one: string) => [...one].map((character) => character.codePointAt(0)!);
  const pairs = fc.property(text, text, (a, b) => {
    const left = points(a);
    const right = points(b);
    const at = left.findIndex((point, index) => point !== right[index]);
    const expected = at === -1
      ? left.length - right.length
      : right[at] === undefined
      ? 1
      : left[at]! - right[at];
    assert.equal(Math.sign(compareCodePoints(a, b)), Math.sign(expected));
  });
  fc.assert(pairs, { numRuns: 2000, examples: [["\ud800😀", "\ud800\udc00"]] });
});
