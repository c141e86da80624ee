import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  encodeFrame,
  type Frame,
  frameBytesMax,
  FrameReader,
} from "../../../../core/sync/wire/frame.ts";
import { decodeJson, isTooDeep, jsonLines } from "../../../../core/sync/wire/json.ts";
import { tellError, toldError } from "../../../../core/sync/wire/wire_error.ts";
import { LaminError } from "../../../../store/errors.ts";

const frames = fc.array(fc.record({
  kind: fc.constantFrom("data", "mark", "end", "query", "request"),
  bytes: fc.uint8Array({ maxLength: 50 }),
})) as fc.Arbitrary<Frame[]>;

function readerOf(bytes: Uint8Array, cuts: readonly number[]): FrameReader {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const cut of cuts) pieces.push(bytes.subarray(at, at += cut));
  pieces.push(bytes.subarray(at));
  return new FrameReader(() => Promise.resolve(pieces.shift()));
}

async function all(reader: FrameReader): Promise<Frame[]> {
  const found: Frame[] = [];
  for (let frame = await reader.read(); frame !== undefined; frame = await reader.read()) {
    found.push({ kind: frame.kind, bytes: frame.bytes.slice() });
  }
  return found;
}

function joined(list: readonly Frame[]): Uint8Array {
  return new Uint8Array(list.flatMap((frame) => [...encodeFrame(frame)]));
}

Deno.test("frames: come out as they went in, however they were cut", async () => {
  await fc.assert(fc.asyncProperty(frames, fc.array(fc.nat(20)), async (list, cuts) => {
    deepEqual(
      await all(readerOf(joined(list), cuts)),
      list.map(({ kind, bytes }) => ({ kind, bytes })),
    );
  }));
});

Deno.test("frames: what is cut off is never complete", async () => {
  const whole = joined([{ kind: "data", bytes: new Uint8Array(20) }]);
  for (let length = 1; length < whole.length; length++) {
    await rejects(all(readerOf(whole.subarray(0, length), [3])), /connection .* was lost/);
  }
});

Deno.test("frames: other bytes and great lengths are refused before they are held", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
    await all(readerOf(bytes, [])).catch((error) => {
      if (!(error instanceof LaminError)) throw error;
    });
  }));
  const header = (kind: number, length: number) => {
    const bytes = new Uint8Array(5);
    bytes[0] = kind;
    new DataView(bytes.buffer).setUint32(1, length);
    return bytes;
  };
  for (
    const bad of [header(2, frameBytesMax.data + 1), header(5, 1), header(9, 0), header(4, 2 ** 31)]
  ) {
    await rejects(all(readerOf(bad, [])), /does not speak/);
  }
  throws(
    () => encodeFrame({ kind: "mark", bytes: new Uint8Array(frameBytesMax.mark + 1) }),
    /large/,
  );
});

Deno.test("JSON of a stranger: depth is bounded, brackets in texts are not counted", () => {
  equal(isTooDeep("[".repeat(64)), false);
  equal(isTooDeep("[".repeat(65)), true);
  equal(isTooDeep(JSON.stringify("[".repeat(100))), false);
  equal(isTooDeep(JSON.stringify('"[[[\\'.repeat(100))), false);
  equal(isTooDeep('{"a":['.repeat(33)), true);
  const bytes = (text: string) => new TextEncoder().encode(text);
  throws(() => decodeJson(bytes("[".repeat(100_000))), /does not speak/);
  throws(() => decodeJson(bytes("{")), /does not speak/);
  throws(() => decodeJson(new Uint8Array([0xff])), /does not speak/);
  deepEqual([...jsonLines(bytes("1\n\n[2]\n"))], [1, [2]]);
});

Deno.test("errors: go over without places, and come with known codes", () => {
  const error = new LaminError("damaged", "cannot read /home/anna/atlas/x.csv of raw/x.csv", {
    hint: "see s3://secret-bucket/atlas and C:\\x",
    data: { path: "/home/anna" },
  });
  const told = tellError(error);
  equal(told["message"], "cannot read (a place there) of raw/x.csv");
  equal(told["hint"], "see (a place there) and C:\\x");
  equal(JSON.stringify(told).includes("anna"), false);
  equal(toldError(told)?.code, "damaged");
  equal(toldError({ code: "exit", message: "x" })?.code, "failed");
  equal(toldError({ code: "failed", message: "x".repeat(9999) })?.message.length, 1000);
  equal(toldError({ message: 1 }), undefined);
  equal(
    tellError(new TypeError("inner /x/y"))["message"],
    "something went wrong at the other side",
  );
});
