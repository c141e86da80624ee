import assert from "node:assert/strict";
import fc from "fast-check";
import { plainPickle } from "../../../core/import_run/redun/pickle.ts";
import { noPython, pythonPath } from "../../interop/python.ts";
import { test } from "../../skip.ts";

async function pickled(expression: string): Promise<Uint8Array> {
  const { stdout, success } = await new Deno.Command(pythonPath!, {
    args: ["-c", `import pickle, sys; sys.stdout.buffer.write(pickle.dumps(${expression}))`],
  }).output();
  assert.ok(success, expression);
  return stdout;
}

test("pickle: plain values of Python in every protocol", noPython, async () => {
  const value = `{"a": [1, 300, -5, 2**40, -2**33, 2**70, 0.5, True, False, None, "é" * 300],
    "t": (1, (2, 3), (), ("x",) * 5), "b": b"bytes", 7: {"n": {}}, "same": ["s"] * 3}`;
  const expected = {
    7: { n: {} },
    a: [
      1,
      300,
      -5,
      2 ** 40,
      -(2 ** 33),
      "1180591620717411303424",
      0.5,
      true,
      false,
      null,
      "é".repeat(300),
    ],
    t: [1, [2, 3], [], ["x", "x", "x", "x", "x"]],
    b: "bytes",
    same: ["s", "s", "s"],
  };
  for (const protocol of [3, 4, 5]) {
    assert.deepEqual(plainPickle(await pickled(`${value}, protocol=${protocol}`)), expected);
  }
});

test("pickle: what names a class or a function is not read, let alone run", noPython, async () => {
  for (
    const expression of [
      "print",
      "Exception('x')",
      "__import__('datetime').date(2026, 1, 1)",
      "{1, 2}",
    ]
  ) {
    for (const protocol of [0, 2, 4, 5]) {
      const bytes = await pickled(`${expression}, protocol=${protocol}`);
      assert.equal(plainPickle(bytes), undefined, expression);
    }
  }
  const evil = new TextEncoder().encode("cos\nsystem\n(S'touch /tmp/never'\ntR.");
  assert.equal(plainPickle(evil), undefined);
});

Deno.test("pickle: a value that doubles itself is not written out", () => {
  // A list, then thirty times a list of the last one twice.
  const codes = [0x80, 3, 0x5d, 0x71, 0];
  for (let index = 1; index <= 30; index++) {
    codes.push(0x5d, 0x71, index, 0x28, 0x68, index - 1, 0x68, index - 1, 0x65);
  }
  assert.equal(plainPickle(Uint8Array.from([...codes, 0x2e])), undefined);
  // A list in itself.
  const itself = Uint8Array.from([0x80, 3, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]);
  assert.equal(plainPickle(itself), undefined);
});

Deno.test("pickle: any bytes give a value or nothing", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    const value = plainPickle(Uint8Array.from([0x80, 3, ...bytes]));
    assert.ok(value === undefined || JSON.stringify(value) !== undefined);
  }));
});
