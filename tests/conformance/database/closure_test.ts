import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClosureStep, Database } from "../../../store/database/database.ts";
import { seed } from "../../seed.ts";
import { test } from "../../skip.ts";
import { drivers, withTables } from "./driver.ts";
import { kinds } from "./tables.ts";

type Edge = readonly [from: number, to: number, isBothWays: boolean];

/** From `count` to `size`, and back where it is good. */
const steps: readonly ClosureStep[] = [
  { id: "edge.size", from: "test_kind AS edge", where: "edge.count = reached.id" },
  {
    id: "back.count",
    from: "test_kind AS edge JOIN test_kind AS back ON back.id = edge.id",
    where: "edge.size = reached.id AND back.is_good",
  },
];

async function fill(database: Database, edges: readonly Edge[]): Promise<void> {
  await database.write(async (writer) => {
    await writer.run("DELETE FROM test_kind");
    const rows = edges.map(([count, size, is_good], index) => ({
      id: index + 1,
      count,
      size,
      is_good,
    }));
    await writer.insert(kinds, rows);
  });
}

function reachedFrom(starts: readonly number[], edges: readonly Edge[]): number[] {
  const reached = new Set(starts);
  for (const one of reached) {
    for (const [from, to, isBothWays] of edges) {
      if (from === one) reached.add(to);
      if (to === one && isBothWays) reached.add(from);
    }
  }
  return [...reached].sort((a, b) => a - b);
}

for (const driver of drivers) {
  test(`closure in ${driver.name}: all that is reached, each once`, driver.missing, async () => {
    await withTables(driver, [kinds], async (database) => {
      const id = fc.integer({ min: 1, max: 12 });
      const property = fc.asyncProperty(
        fc.array(fc.tuple(id, id, fc.boolean()), { maxLength: 20 }),
        fc.array(id, { minLength: 1, maxLength: 3 }),
        async (edges, starts) => {
          await fill(database, edges);
          const rows = await database.read((reader) => {
            const list = reader.dialect.valuesOf(starts);
            const start = `SELECT CAST(value AS bigint) AS id FROM (${list.sql}) AS list`;
            return reader.all<{ id: number }>(
              reader.dialect.closure(start, steps.map(asBigint)),
              list.parameters,
            );
          });
          const found = rows.map((row) => Number(row.id)).sort((a, b) => a - b);
          assert.deepEqual(found, reachedFrom(starts, edges));
        },
      );
      await fc.assert(property, { seed: seed(), numRuns: 25 });
    });
  });
}

/** The columns of the test are of two types, which a server would not mix. */
function asBigint(step: ClosureStep): ClosureStep {
  return { ...step, id: `CAST(${step.id} AS bigint)` };
}
