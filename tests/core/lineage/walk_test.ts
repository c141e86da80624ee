import assert from "node:assert/strict";
import fc from "fast-check";
import type { Edge } from "../../../core/lineage/edges.ts";
import { lineageOf } from "../../../core/lineage/lineage.ts";
import { type Starts, walk } from "../../../core/lineage/walk.ts";
import type { Reader } from "../../../store/database/database.ts";
import { counted } from "../../counting.ts";
import { withOpenInstance } from "../../open_instance.ts";
import { seed } from "../../seed.ts";
import { chain, dataId, type Grown, grownSql, runId } from "./grown.ts";

/** Any graph: circles, runs that read what they make, data made by several runs. */
const graphs: fc.Arbitrary<Grown> = fc.record({ runs: fc.integer({ min: 1, max: 8 }) }).chain(
  ({ runs }) => {
    const data = runs + 2;
    const pairs = fc.array(fc.tuple(fc.nat(data - 1), fc.nat(runs - 1)), { maxLength: 16 });
    return fc.record({
      runs: fc.constant(runs),
      data: fc.constant(data),
      made: pairs,
      remade: pairs,
      read: pairs,
    });
  },
);

function named(edges: readonly Edge[]): string[] {
  return edges.map(({ data, dataId, runId, role }) => `${data} ${dataId} ${runId} ${role}`).sort();
}

/** Graphs as one that has them side by side, with where each begins. */
function sideBySide(all: readonly Grown[]): { whole: Grown; starts: readonly Offsets[] } {
  const starts: Offsets[] = [];
  const whole = { runs: 0, data: 0, made: [], remade: [], read: [] } as Required<Mutable<Grown>>;
  for (const graph of all) {
    const { runs, data } = whole;
    starts.push({ runs, data });
    for (const role of ["made", "remade", "read"] as const) {
      const moved = graph[role]!.map(([item, run]) => [item + data, run + runs] as const);
      whole[role] = [...whole[role], ...moved];
    }
    whole.runs += graph.runs;
    whole.data += graph.data;
  }
  return { whole, starts };
}

type Offsets = Pick<Grown, "runs" | "data">;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

Deno.test("walk: without a depth as with one that no graph has, each step once", async () => {
  const { whole, starts } = sideBySide(fc.sample(graphs, { seed: seed(), numRuns: 60 }));
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const none = { artifact: [], collection: [], run: [] };
    let longest = 0;
    for (const { runs, data } of starts) {
      const begins: Starts[] = [
        { ...none, artifact: [dataId(data)] },
        { ...none, artifact: [dataId(data + 1)] },
        { ...none, run: [runId(runs)] },
      ];
      for (const start of begins) {
        for (const direction of ["up", "down"] as const) {
          const all = named(await walk(reader, start, direction, Infinity));
          assert.equal(new Set(all).size, all.length);
          assert.deepEqual(all, named(await walk(reader, start, direction, 1000)));
          longest = Math.max(longest, all.length);
        }
      }
    }
    assert.ok(longest > 5, "some are worth walking");
  }, grownSql(whole));
});

async function lineageOfChain(reader: Reader, index: number, depth?: number) {
  return await lineageOf(reader, {
    start: { kind: "artifact", id: dataId(index) },
    directions: ["up", "down"],
    ...depth === undefined ? {} : { depth },
  });
}

Deno.test("walk: a chain of thousands takes as many queries as one of ten", async () => {
  const queries: number[] = [];
  for (const length of [10, 5000]) {
    await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
      const counts = await counted(async () => {
        const lineage = await lineageOfChain(reader, length / 2);
        assert.equal(lineage.links.length, 2 * length);
        assert.equal(lineage.nodes.size, 2 * length + 1);
      });
      queries.push(counts.queries);
      assert.ok(counts.rows < 20 * length, `${counts.rows} rows for ${length} runs`);
    }, grownSql(chain(length)));
  }
  assert.equal(queries[1], queries[0]);
});

Deno.test("walk: with a depth nothing beyond it is read", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const counts = await counted(async () => {
      const lineage = await lineageOfChain(reader, 500, 2);
      assert.equal(lineage.links.length, 8);
    });
    assert.ok(counts.rows < 100, `${counts.rows} rows`);
  }, grownSql(chain(1000)));
});
