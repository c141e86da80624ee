import assert from "node:assert/strict";
import fc from "fast-check";
import type { Change, Lines } from "../../../core/format/change.ts";
import { memorySource } from "../../../core/format/source.ts";
import { text } from "../../../modules/formats/text.ts";
import { diffText } from "../../../modules/formats/text/diff.ts";
import { splitLines } from "../../../modules/formats/text/lines.ts";
import { decodeUtf8 } from "../../../modules/formats/utf8.ts";
import { collected, counts, textSource } from "./table_facts.ts";

function lines(count: number, name = "line"): string {
  return Array.from({ length: count }, (_, index) => `${name} ${index + 1}\n`).join("");
}

/** The text after the hunks, checking that they fit what stands there. */
function applied(before: string, changes: readonly Change[]): string {
  const old = splitLines(before);
  const result: string[] = [];
  let at = 0;
  for (const hunk of changes as readonly Lines[]) {
    assert.equal(hunk.kind, "lines");
    const start = hunk.before.count === 0 ? hunk.before.start : hunk.before.start - 1;
    assert.ok(start >= at, "hunks come in order and do not overlap");
    result.push(...old.slice(at, start));
    assert.equal(result.length, hunk.after.count === 0 ? hunk.after.start : hunk.after.start - 1);
    at = start;
    for (const { sign, text, unended } of hunk.lines) {
      const line = unended ? text : text + "\n";
      if (sign !== "+") assert.equal(old[at++], line);
      if (sign !== "-") result.push(line);
    }
    assert.equal(at - start, hunk.before.count);
  }
  return [...result, ...old.slice(at)].join("");
}

const anyText = fc.array(
  fc.tuple(fc.constantFrom("a", "b", "", "c\r", "\t", "ä"), fc.constantFrom("\n", "\n", "\n", "")),
  { maxLength: 40 },
).map((parts) => parts.flat().join(""));

Deno.test("applying the reported changes of any two texts to one gives the other", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, fc.nat({ max: 4 }), async (before, after, contextLines) => {
      const [a, b] = [textSource("a", before), textSource("b", after)];
      const { changes, summary } = await collected(text.diff(a, b, { contextLines }));
      assert.equal(applied(before, changes), after);
      assert.equal(summary.same, before === after);
      const signs = (changes as Lines[]).flatMap((hunk) => hunk.lines.map((line) => line.sign));
      const [count] = summary.counts;
      assert.equal(signs.filter((sign) => sign === "+").length, count!.added);
      assert.equal(signs.filter((sign) => sign === "-").length, count!.removed);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a change within long texts is a hunk with context at the right lines", async () => {
  const before = lines(100_000);
  const after = before.replace("line 50000\n", "other\n").replace("line 50004\n", "");
  const { changes, summary } = await collected(
    text.diff(textSource("a", before), textSource("b", after), {}),
  );
  assert.equal(changes.length, 1);
  const hunk = changes[0] as Lines;
  assert.deepEqual(hunk.before, { start: 49_997, count: 11 });
  assert.deepEqual(hunk.after, { start: 49_997, count: 10 });
  assert.deepEqual(hunk.lines.map(({ sign, text }) => sign + text.replace("line ", "")), [
    " 49997",
    " 49998",
    " 49999",
    "-50000",
    "+other",
    " 50001",
    " 50002",
    " 50003",
    "-50004",
    " 50005",
    " 50006",
    " 50007",
  ]);
  assert.deepEqual(counts(summary), { lines: [1, 2, 0] });
  assert.equal(applied(before, changes), after);
});

Deno.test("a text that was wholly rewritten needs no search", async () => {
  const [before, after] = [lines(30_000), lines(30_000, "row")];
  const { changes, summary } = await collected(
    text.diff(textSource("a", before), textSource("b", after), {}),
  );
  assert.deepEqual(counts(summary), { lines: [30_000, 30_000, 0] });
  assert.equal(applied(before, changes), after);
  assert.ok(changes.every((hunk) => (hunk as Lines).lines.length <= 1000));
});

Deno.test("what is too large to align is said and counted", async () => {
  const before = `start\n${lines(50)}end\n`;
  const after = `start\n${lines(60, "row")}end\n`;
  const sources = [textSource("a", before), textSource("b", after)] as const;
  for (const limit of [{ bytesMax: 100 }, { linesMax: 55 }]) {
    const limits = { bytesMax: 1e6, linesMax: 1e6, editsMax: 1000, ...limit };
    const { changes, summary } = await collected(diffText(...sources, {}, limits));
    assert.deepEqual(changes, [{
      kind: "unaligned",
      before: { start: 2, count: 50 },
      after: { start: 2, count: 60 },
    }]);
    assert.equal(summary.approximate, true);
    assert.deepEqual(counts(summary), { lines: [60, 50, 0] });
  }
  const turned = splitLines(before).reverse().join("");
  const limits = { bytesMax: 1e6, linesMax: 1e6, editsMax: 20 };
  const { changes } = await collected(
    diffText(textSource("a", before), textSource("b", turned), {}, limits),
  );
  assert.equal(changes[0]!.kind, "unaligned");
});

Deno.test("a limit cuts hunks and keeps the count", async () => {
  const sources = [textSource("a", lines(20)), textSource("b", lines(20, "row"))] as const;
  for (const changesMax of [0, 1, 5, 20, 39, 40, 100]) {
    const { changes, summary } = await collected(text.diff(...sources, { changesMax }));
    const shown = (changes as Lines[]).flatMap((hunk) => hunk.lines);
    assert.equal(shown.length, Math.min(changesMax, 40));
    assert.equal(summary.hidden, 40 - shown.length);
    assert.deepEqual(counts(summary), { lines: [20, 20, 0] });
  }
});

Deno.test("a lacking last line feed, line ends and a byte order mark are differences", async () => {
  for (const [before, after] of [["a\nb\n", "a\nb"], ["a\n", "a\r\n"], ["a\n", "\ufeffa\n"]]) {
    const { changes, summary } = await collected(
      text.diff(textSource("a", before!), textSource("b", after!), {}),
    );
    assert.equal(applied(before!, changes), after);
    assert.deepEqual(counts(summary), { lines: [1, 1, 0] });
  }
});

Deno.test("lines are counted with one that has no line feed", async () => {
  for (const [content, count] of [["", 0], ["a", 1], ["a\n", 1], ["a\n\nb", 3]] as const) {
    assert.equal((await text.describe(textSource("a", content))).lines, count);
  }
});

Deno.test("bytes that are no UTF-8 stay different", async () => {
  const before = memorySource("a", Uint8Array.from([97, 0xe9, 10]));
  const after = memorySource("b", Uint8Array.from([97, 0xe8, 10]));
  const { changes } = await collected(text.diff(before, after, {}));
  assert.deepEqual((changes[0] as Lines).lines, [
    { sign: "-", text: "a\udce9" },
    { sign: "+", text: "a\udce8" },
  ]);
});

Deno.test("different bytes never give the same text", () => {
  const bytes = fc.array(
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0xed, 0xa0, 0xb3, 0x80, 0xe2, 0x9c, 0x93, 0xf4)),
    { maxLength: 8 },
  ).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(decodeUtf8(a) === decodeUtf8(b), `${a}` === `${b}`);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("text is recognised by its bytes", () => {
  const sniff = (bytes: number[]) => text.sniff(Uint8Array.from(bytes), "x");
  assert.equal(sniff([]), true);
  assert.equal(sniff([...new TextEncoder().encode("Grüße\t✓\n")]), true);
  assert.equal(sniff([...new TextEncoder().encode("a".repeat(99)), 0xe2, 0x9c]), true, "cut");
  assert.equal(sniff([...new TextEncoder().encode("en Latin-1: "), 0xe9]), true);
  assert.equal(sniff([97, 0, 98]), false);
  assert.equal(sniff([0x1f, 0x8b, 8, 0x9a, 0xff, 0xf3, 0xb0]), false);
});
