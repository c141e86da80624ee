import assert from "node:assert/strict";
import { compareSources } from "../../../core/diff/compare.ts";
import { pickFormat } from "../../../core/diff/pick.ts";
import type { Change } from "../../../core/format/change.ts";
import type { Format } from "../../../core/format/format.ts";
import { memorySource } from "../../../core/format/source.ts";

const source = (name: string, text: string) => memorySource(name, new TextEncoder().encode(text));

/** A format that looks at letters only and knows the names that end with its own. */
function letters(name: string, hasKeys = false): Format {
  return {
    name,
    hasKeys,
    sniff: (head, of) => of.endsWith(name) && head.length <= 8192,
    describe: (of) => Promise.resolve({ format: name, size: of.size }),
    async *diff(before, after) {
      const [a, b] = await Promise.all(
        [before, after].map(async (one) =>
          new TextDecoder().decode(await one.read(0, one.size)).replace(/[^a-z]/g, "")
        ),
      );
      const size = { before: before.size, after: after.size };
      yield { kind: "summary", format: name, same: a === b, counts: [], hidden: 0, size };
    },
  };
}

const formats = [letters(".one"), letters(".two", true), { ...letters(""), name: "any" }];

async function compare(before: string, after: string, name = "x.one", options = {}) {
  const changes: Change[] = [];
  const work = compareSources(formats, source(name, before), source(name, after), options);
  for await (const change of work) changes.push(change);
  return changes;
}

Deno.test("the first format that knows both contents is picked", async () => {
  const pick = async (...names: string[]) =>
    (await pickFormat(formats, ...names.map((name) => source(name, "x".repeat(20_000))))).name;
  assert.equal(await pick("a.one", "b.one"), ".one");
  assert.equal(await pick("a.two"), ".two");
  assert.equal(await pick("a.one", "b.two"), "any");
  await assert.rejects(pickFormat([letters(".one")], source("x", "")), { code: "failed" });
});

Deno.test("the same content in other bytes is said, the same bytes are identical", async () => {
  const summary = { format: ".one", kind: "summary", same: true, counts: [], hidden: 0 };
  assert.deepEqual(await compare("a b", "a\nbc!".replace("c", "")), [
    { kind: "bytes", before: { size: 3 }, after: { size: 4 }, offset: 1, same: true },
    { ...summary, size: { before: 3, after: 4 }, identical: false },
  ]);
  assert.deepEqual(await compare("ab", "ab"), [
    { ...summary, size: { before: 2, after: 2 }, identical: true },
  ]);
  assert.deepEqual((await compare("a b", "ab", "x.one", { changesMax: 0 })).length, 1);
  const [other] = await compare("a", "b");
  assert.ok(other?.kind === "summary" && !other.same && other.identical === undefined);
});

Deno.test("key columns are refused where the format has none", async () => {
  await assert.rejects(compare("a", "b", "x.one", { on: ["id"] }), { code: "usage" });
  assert.equal((await compare("a", "b", "x.two", { on: ["id"] })).length, 1);
});
