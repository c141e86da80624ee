import assert from "node:assert/strict";
import fc from "fast-check";
import { dumpJson } from "../../../core/python/json.ts";
import { parseJson } from "../../../core/python/parse_json.ts";
import { type PythonValue, pythonValue } from "../../../core/python/value.ts";
import { LaminError } from "../../../store/errors.ts";
import { pythonCorpus } from "../python_corpus.ts";

Deno.test("JSON is read and written as Python does", () => {
  assert.ok(pythonCorpus.json.length > 300);
  for (const { text, dumps, sorted, unicode } of pythonCorpus.json) {
    const value = parseJson(text);
    assert.equal(dumpJson(value), dumps, text);
    assert.equal(dumpJson(value, { sortKeys: true }), sorted, text);
    assert.equal(dumpJson(value, { ensureAscii: false }), unicode, text);
  }
});

Deno.test("what Python refuses to read is refused", () => {
  assert.ok(pythonCorpus.not_json.length > 50);
  for (const text of pythonCorpus.not_json) {
    assert.throws(
      () => parseJson(text),
      (error: unknown) => error instanceof LaminError && error.code === "damaged",
      JSON.stringify(text.slice(0, 40)),
    );
  }
});

Deno.test("a bomb of brackets or digits is refused at once", () => {
  const start = performance.now();
  for (const text of ["[".repeat(1e6), '{"a":'.repeat(1e6), "9".repeat(1e6)]) {
    assert.throws(() => parseJson(text), LaminError);
  }
  assert.ok(performance.now() - start < 1000);
  const deepest = `${"[".repeat(1000)}${"]".repeat(1000)}`;
  assert.equal(dumpJson(parseJson(deepest)), deepest);
});

Deno.test("ints and floats stay what they are", () => {
  assert.equal(parseJson("3"), 3n);
  assert.equal(parseJson("3.0"), 3);
  assert.equal(dumpJson([3n, 3, -0, 1e16, 1e-5, 1e22]), "[3, 3.0, -0.0, 1e+16, 1e-05, 1e+22]");
});

const value = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt(),
    fc.double({ noNaN: true }),
    fc.string({ unit: "binary" }),
    fc.array(tie("value")),
    fc.array(fc.tuple(fc.string(), tie("value"))).map((entries) => new Map(entries)),
  ),
})).value;

Deno.test("whatever is written is read back as the same value", () => {
  fc.assert(fc.property(value, (one) => {
    for (const ensureAscii of [true, false]) {
      assert.deepEqual(parseJson(dumpJson(one, { ensureAscii })), one);
    }
    assert.equal(dumpJson(parseJson(dumpJson(one))), dumpJson(one));
  }));
});

Deno.test("JavaScript reads what is written as the same JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (one) => {
    const plain = JSON.parse(JSON.stringify(one)); // without -0, which JSON.stringify does not keep
    assert.deepEqual(JSON.parse(dumpJson(pythonValue(plain))), plain);
  }));
});

Deno.test("pythonValue makes ints of whole numbers, keeps order and refuses the rest", () => {
  const text = dumpJson(
    pythonValue({ b: 1, a: [0.5, -0, 1e300, 2n ** 70n], no: undefined, n: null }),
  );
  assert.equal(text, `{"b": 1, "a": [0.5, -0.0, 1e+300, ${2n ** 70n}], "n": null}`);
  for (
    const bad of [undefined, () => 1, Symbol("x"), new Date(0), new Map([[1, 2]]), [undefined]]
  ) {
    assert.throws(
      () => pythonValue(bad),
      (error: unknown) => error instanceof LaminError && error.code === "usage",
    );
  }
});
