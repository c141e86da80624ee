import assert from "node:assert/strict";
import { memorySource } from "../../../core/format/source.ts";
import { parquet } from "../../../modules/formats/parquet.ts";
import { openParquet } from "../../../modules/formats/parquet/reader.ts";
import { checkRuns } from "../../../modules/formats/parquet/runs.ts";
import { checkThrift } from "../../../modules/formats/parquet/thrift.ts";
import { LaminError } from "../../../store/errors.ts";
import { allRows, parquetFacts, tableBytes } from "./table_facts.ts";

/** "ok", or the code of the error; anything but a LaminError fails the test. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    await allRows(await openParquet(memorySource("x.parquet", bytes)));
    return "ok";
  } catch (error) {
    if (error instanceof LaminError) return error.code;
    throw error;
  }
}

/** The file with some bytes replaced where `found` stands first from `from` on. */
function replaced(bytes: Uint8Array, found: readonly number[], by: readonly number[], from = 0) {
  for (let at = from; at < bytes.length; at++) {
    if (found.every((byte, index) => bytes[at + index] === byte)) {
      const copy = bytes.slice();
      copy.set(by, at);
      return copy;
    }
  }
  throw new Error("the fixture has no such bytes");
}

Deno.test("a file that was cut off is damaged, wherever it was cut", async () => {
  const bytes = tableBytes("iris_none.parquet");
  for (let length = 4; length < bytes.length; length += 61) {
    assert.equal(await outcome(bytes.subarray(0, length)), "damaged", `${length} bytes`);
  }
});

Deno.test("a footer is not longer than the file", async () => {
  const bytes = tableBytes("iris_none.parquet");
  for (const length of [bytes.length - 11, bytes.length, 2 ** 31, 2 ** 32 - 1, 0, 1, 100]) {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(copy.length - 8, length, true);
    assert.equal(await outcome(copy), "damaged", `${length}`);
    const described = parquet.describe(memorySource("x.parquet", copy));
    await assert.rejects(described, { name: "LaminError", code: "damaged" });
  }
});

Deno.test("a source is never asked for bytes that it has not", async () => {
  const bytes = tableBytes("rich_pandas.parquet");
  new DataView(bytes.buffer).setUint32(bytes.length - 8, 2 ** 31, true);
  const inner = memorySource("x.parquet", bytes);
  const asked: number[] = [];
  const source = {
    ...inner,
    read(offset: number, length: number) {
      asked.push(length);
      return inner.read(offset, length);
    },
  };
  await assert.rejects(parquet.describe(source), { code: "damaged" });
  assert.deepEqual(asked, [8]);
});

Deno.test("a run that claims more values than its page is refused before it is written out", async () => {
  const bytes = tableBytes("iris_none.parquet");
  // Definition levels of 150 values: length 3, a run of 150 (0xac 0x02), the level 1.
  const levels = [3, 0, 0, 0, 0xac, 0x02, 1];
  const bomb = replaced(bytes, levels, [3, 0, 0, 0, 0xfe, 0x7f, 1]);
  const reading = openParquet(memorySource("x.parquet", bomb)).then(allRows);
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof LaminError);
    assert.equal(error.code, "damaged");
    assert.match(error.message, /a run has more values than its page/);
    return true;
  });
});

Deno.test("runs are checked against their count and their bytes", () => {
  const check = (bytes: number[], width: number, count: number, wanted?: number) => {
    const block = { offset: 0, end: bytes.length, width, count };
    return checkRuns(Uint8Array.from(bytes), block, wanted);
  };
  assert.equal(check([20, 1], 1, 10, 1), 10);
  assert.equal(check([3, 0b0101_0101], 1, 8, 1), 4);
  assert.equal(check([3, 0b0101_0101], 1, 5, 1), 3);
  assert.equal(check([4, 0, 3, 0b1101], 1, 6, 1), 3);
  assert.throws(() => check([22, 1], 1, 10), /more values than its page/);
  assert.throws(() => check([0xfe, 0xff, 0xff, 0xff, 0x0f, 1], 1, 10), /more values/);
  assert.throws(() => check([0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], 1, 10), /impossible length/);
  assert.throws(() => check([0xff, 0xff, 0xff, 0xff, 0x0f], 0, 10), /too many values/);
  assert.throws(() => check([20], 1, 10), /end early/);
  assert.throws(() => check([5, 1], 1, 16), /end early/);
  assert.throws(() => check([20, 1], 33, 10), /33 bits/);
});

Deno.test("a structure in Thrift is checked before it is built", () => {
  const check = (...bytes: number[]) => checkThrift(Uint8Array.from(bytes));
  assert.equal(check(0), 1);
  assert.equal(check(0x15, 0x02, 0x18, 2, 65, 66, 0, 99), 7);
  assert.throws(() => check(0x15, 0x02), /ends within/);
  assert.throws(() => check(0x18, 200, 1, 0), /ends within/, "bytes beyond the end");
  assert.throws(() => check(0x19, 0xf5, 0xff, 0x7f, 0), /ends within/, "a list of 16383 numbers");
  assert.throws(() => check(0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x7f, 0), /impossible/);
  assert.throws(() => check(0x16, ...Array(11).fill(0x80), 0), /without end/);
  assert.throws(() => check(...Array(100).fill(0x1c)), /nested too deeply/);
  assert.throws(() => check(0x1b, 0), /unknown type 11/);
  // Lists in lists: each would be allowed alone, all together are more than the bytes.
  const lists = Array(20).fill([0x19, 0xfc, 60]).flat();
  assert.throws(() => check(...lists, ...Array(20).fill(0)), /ends within/);
});

Deno.test("random damage is told as such or changes values, and nothing else", async () => {
  let seed = 20260;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor(seed / 2 ** 32 * below);
  };
  const outcomes = new Map<string, number>();
  for (const [name] of parquetFacts) {
    // Deno's Brotli prints remarks of its own when data is damaged.
    if (name === "iris_brotli.parquet") continue;
    const original = tableBytes(name);
    for (let round = 0; round < 60; round++) {
      const bytes = original.slice();
      for (let changes = 1 + random(3); changes > 0; changes--) {
        bytes[random(bytes.length)] = [random(256), 0xff, 0x80, 0x7f, 0][random(5)]!;
      }
      const result = await outcome(bytes);
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
    }
  }
  assert.ok(outcomes.get("damaged")! > 100 && outcomes.get("ok")! > 100);
  assert.deepEqual(
    [...outcomes.keys()].filter((one) => !["ok", "damaged", "failed"].includes(one)),
    [],
  );
});
