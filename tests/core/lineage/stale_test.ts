import assert from "node:assert/strict";
import { staleOutputs } from "../../../core/lineage/stale.ts";
import { counted } from "../../counting.ts";
import { withOpenInstance } from "../../open_instance.ts";
import { chain, dataId, type Grown, grownSql, runId } from "./grown.ts";

/** A newer version of the data with the number `index`, the one with the number `next`. */
function newer(index: number, next: number, branch = 1): string {
  const isSame = branch === 1;
  return `
    UPDATE lamindb_artifact SET is_latest = ${isSame ? 0 : 1} WHERE id = ${dataId(index)};
    UPDATE lamindb_artifact SET
      uid = (SELECT substr(uid, 1, 16) FROM lamindb_artifact WHERE id = ${dataId(index)}) || '0001',
      key = (SELECT key FROM lamindb_artifact WHERE id = ${dataId(index)}),
      created_at = '2026-02-01 00:00:00', branch_id = ${branch}
    WHERE id = ${dataId(next)};`;
}

/** The stale outputs of the graph, as numbers of data with what moved and what comes before. */
async function staleOf(graph: Grown, sql: string, branch = 1): Promise<string[]> {
  const found: string[] = [];
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    for (const { output, run, moved, after } of await staleOutputs(reader, branch)) {
      const number = ({ id }: { id: number }) => id - dataId(0);
      if (number(output) < 0) continue;
      const because = [
        ...moved.map(({ input, current }) => `${number(input)}>${number(current)}`),
        ...after.map((source) => `after ${number(source)}`),
      ];
      found.push(`${number(output)} by ${run.id - runId(0)}: ${because.join(", ")}`);
    }
  }, grownSql(graph) + sql);
  return found;
}

Deno.test("stale: what was made from an older version, and all that was made from that", async () => {
  const graph = { ...chain(3), data: 5 };
  assert.deepEqual(await staleOf(graph, ""), []);
  assert.deepEqual(await staleOf(graph, newer(0, 4)), [
    "1 by 0: 0>4",
    "2 by 1: after 1",
    "3 by 2: after 2",
  ]);
  assert.deepEqual(await staleOf(graph, newer(1, 4)), ["2 by 1: 1>4", "3 by 2: after 2"]);
});

Deno.test("stale: what comes first stands first, whatever the ids", async () => {
  // 0 → run 0 → 3 → run 1 → 2 → run 2 → 1, which also reads 3.
  const graph: Grown = {
    runs: 3,
    data: 5,
    made: [[3, 0], [2, 1], [1, 2]],
    read: [[0, 0], [3, 1], [2, 2], [3, 2]],
  };
  assert.deepEqual(await staleOf(graph, newer(0, 4)), [
    "3 by 0: 0>4",
    "2 by 1: after 3",
    "1 by 2: after 2, after 3",
  ]);
});

Deno.test("stale: an input whose newer version is stale itself comes before", async () => {
  // 1 was made from 0 by run 0; its newer version 2 by run 1 from 3; 4 was made from 1 by run 2.
  const graph: Grown = {
    runs: 3,
    data: 6,
    made: [[1, 0], [2, 1], [4, 2]],
    read: [[0, 0], [3, 1], [1, 2]],
  };
  assert.deepEqual(await staleOf(graph, newer(1, 2) + newer(3, 5)), [
    "2 by 1: 3>5",
    "4 by 2: 1>2, after 2",
  ]);
});

Deno.test("stale: a run that made it again from what is current counts", async () => {
  const graph: Grown = {
    runs: 2,
    data: 3,
    made: [[1, 0]],
    read: [[0, 0], [2, 1]],
    remade: [[1, 1]],
  };
  assert.deepEqual(await staleOf(graph, newer(0, 2)), []);
  // Began before the one that made it.
  const earlier = `UPDATE lamindb_run SET started_at = '2025-01-01 00:00:00' WHERE id = ${
    runId(1)
  };`;
  assert.deepEqual(await staleOf(graph, newer(0, 2) + earlier), ["1 by 0: 0>2"]);
});

Deno.test("stale: what a run put in the place of its own input has not moved on", async () => {
  // Run 0 reads 0 and makes its next version, 1, and 2 beside it.
  const graph: Grown = { runs: 1, data: 3, made: [[1, 0], [2, 0]], read: [[0, 0]] };
  assert.deepEqual(await staleOf(graph, newer(0, 1)), []);
});

Deno.test("stale: circles come to an end", async () => {
  const graph: Grown = {
    runs: 2,
    data: 4,
    made: [[1, 0], [2, 1]],
    read: [[0, 0], [2, 0], [1, 1]],
  };
  const found = await staleOf(graph, newer(0, 3));
  assert.deepEqual(found.map((line) => line.split(":")[0]).sort(), ["1 by 0", "2 by 1"]);
});

Deno.test("stale: a branch sees its own versions before those of main, and main none of them", async () => {
  const graph = { ...chain(2), data: 4 };
  const branch = `INSERT INTO lamindb_branch (id, uid, name, created_at, created_by_id, space_id,
    _status_code) VALUES (77, 'branch0000ab', 'try77', '2026-01-01 00:00:00', 1, 1, 0);`;
  const sql = branch + newer(0, 3, 77);
  assert.deepEqual(await staleOf(graph, sql, 1), []);
  assert.deepEqual(await staleOf(graph, sql, 77), ["1 by 0: 0>3", "2 by 1: after 1"]);
  const trashed = newer(0, 3) +
    `UPDATE lamindb_artifact SET branch_id = -1 WHERE id = ${dataId(1)};`;
  assert.deepEqual(await staleOf(graph, trashed), [], "what is in the trash is not made anew");
});

Deno.test("stale: a chain of thousands takes as many queries as one of ten", async () => {
  const queries: number[] = [];
  for (const length of [10, 3000]) {
    const graph = { ...chain(length), data: length + 2 };
    await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
      const counts = await counted(async () => {
        const found = await staleOutputs(reader, 1);
        assert.equal(found.filter(({ output }) => output.id > dataId(0)).length, length);
      });
      queries.push(counts.queries);
    }, grownSql(graph) + newer(0, length + 1));
  }
  assert.equal(queries[1], queries[0]);
});
