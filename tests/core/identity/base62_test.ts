import assert from "node:assert/strict";
import fc from "fast-check";
import { base62, base62Digits, isBase62, randomBase62 } from "../../../core/identity/base62.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { pythonCorpus } from "../python_corpus.ts";

const bytesOf = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/**
 * The bytes that a text stands for, by another way than the encoder's: digit by digit from the
 * left.
 */
function decode(text: string): Uint8Array {
  let zeros = 0;
  let rest = text;
  while (rest.startsWith("0")) {
    zeros += base62Digits.indexOf(rest[1]!);
    rest = rest.slice(2);
  }
  let number = 0n;
  for (const digit of rest) number = number * 62n + BigInt(base62Digits.indexOf(digit));
  const hex = number === 0n ? "" : number.toString(16);
  return Uint8Array.from([
    ...new Uint8Array(zeros),
    ...bytesOf(hex.padStart(hex.length + hex.length % 2, "0")),
  ]);
}

Deno.test("base62 gives what LaminDB's encoder gives", () => {
  assert.equal(base62(Uint8Array.of(0, 1)), "011");
  for (const [hex, text] of pythonCorpus.base62) assert.equal(base62(bytesOf(hex)), text, hex);
});

Deno.test("every text of base62 leads back to its bytes", () => {
  const zeros = fc.integer({ min: 0, max: 200 }).map((count) => new Uint8Array(count));
  fc.assert(fc.property(zeros, fc.uint8Array({ maxLength: 40 }), (leading, rest) => {
    const bytes = Uint8Array.from([...leading, ...rest]);
    const text = base62(bytes);
    assert.deepEqual(decode(text), bytes);
    assert.ok(bytes.length === 0 || isBase62(text));
  }));
});

Deno.test("randomBase62 draws every digit, evenly and as many as asked for", () => {
  const text = randomBase62(denoHost(), 62_000);
  assert.equal(text.length, 62_000);
  for (const digit of base62Digits) {
    const count = text.split(digit).length - 1;
    // Expected are 1000 with a deviation of 31; eight of them never happen by chance.
    assert.ok(count > 750 && count < 1250, `${digit}: ${count}`);
  }
});

Deno.test("randomBase62 throws away the bytes that would favour the first digits", () => {
  const drawn = [[255, 248, 0, 61], [247, 62]];
  const host = { randomBytes: () => Uint8Array.from(drawn.shift()!) };
  assert.equal(randomBase62(host, 4), "0zz0");
});
