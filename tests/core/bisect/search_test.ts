import assert from "node:assert/strict";
import fc from "fast-check";
import { type Known, nextOf } from "../../../core/bisect/search.ts";
import { seed } from "../../seed.ts";

interface Search {
  readonly found: number | undefined;
  readonly suspects: readonly number[];
  readonly tests: number;
}

/** Searches the first bad of `count` versions, of which some cannot be tested. */
function search(
  count: number,
  firstBad: number,
  good: number,
  untestable: ReadonlySet<number> = new Set(),
): Search {
  let known: Known = { count, good, bad: count - 1, skipped: [] };
  for (let tests = 0;; tests++) {
    assert.ok(tests <= count, "it comes to an end");
    const next = nextOf(known);
    if (next.kind === "found") return { found: next.place, suspects: [], tests };
    if (next.kind === "suspects") return { found: undefined, suspects: next.places, tests };
    assert.ok(next.place > known.good && next.place < known.bad, "it is not known yet");
    if (untestable.has(next.place)) {
      known = { ...known, skipped: [...known.skipped, next.place] };
    } else if (next.place >= firstBad) known = { ...known, bad: next.place };
    else known = { ...known, good: next.place };
  }
}

Deno.test("bisect: the first bad one is found in ⌈log2 n⌉ tests, wherever it is", () => {
  for (let count = 1; count <= 70; count++) {
    for (let firstBad = 0; firstBad < count; firstBad++) {
      for (const good of new Set([-1, firstBad - 1])) {
        const { found, tests } = search(count, firstBad, good);
        const candidates = count - 1 - good;
        assert.equal(found, firstBad);
        assert.ok(tests <= Math.ceil(Math.log2(candidates)), `${tests} of ${candidates}`);
      }
    }
  }
});

Deno.test("bisect: the tests that are left are as many as are announced at most", () => {
  const first = nextOf({ count: 13, good: -1, bad: 12, skipped: [] });
  assert.deepEqual(first, { kind: "test", place: 5, probesLeft: 4 });
});

Deno.test("bisect: with skipped ones it is found, or among those that are named", () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 40 }),
    fc.nat(),
    fc.array(fc.nat(40)),
    (count, position, skipped) => {
      const firstBad = position % count;
      const { found, suspects } = search(count, firstBad, -1, new Set(skipped));
      if (found !== undefined) assert.equal(found, firstBad);
      else {
        assert.ok(suspects.includes(firstBad));
        assert.deepEqual(
          suspects.slice(0, -1).filter((place) => !skipped.includes(place)),
          [],
          "all but the last were skipped",
        );
      }
    },
  );
  fc.assert(property, { seed: seed() });
});
