import assert from "node:assert/strict";
import { type Lineage, lineageOf, type LineageRequest } from "../../../core/lineage/lineage.ts";
import type { Direction } from "../../../core/lineage/walk.ts";
import type { Reader } from "../../../store/database/database.ts";
import expected from "../../fixtures/instances/lamindb-2.12.1.expected.json" with { type: "json" };
import { withOpenInstance } from "../../open_instance.ts";

async function idOf(reader: Reader, table: string, uid: string): Promise<number> {
  const row = await reader.first<{ id: number }>(`SELECT id FROM ${table} WHERE uid = ?`, [uid]);
  return row!.id;
}

function both(id: number): LineageRequest {
  return { start: { kind: "artifact", id }, directions: ["up", "down"] };
}

/** Steps as `uid > uid role`. */
function steps({ nodes, links }: Lineage): string[] {
  const uid = (name: string) => nodes.get(name)!.uid;
  return links.map(({ from, to, role }) => `${uid(from)} > ${uid(to)} ${role}`).sort();
}

/** What Python says of the inputs and outputs of all runs, in the same form. */
function expectedSteps(): Set<string> {
  const found = new Set<string>();
  for (const run of expected.runs) {
    for (const uid of run.recreated) found.add(`${run.uid} > ${uid} recreated`);
    for (const uid of [...run.outputs, ...run.output_collections]) {
      found.add(`${run.uid} > ${uid} output`);
    }
    for (const uid of [...run.inputs, ...run.input_collections]) {
      const isOutput = [...run.outputs, ...run.recreated].includes(uid);
      if (!isOutput) found.add(`${uid} > ${run.uid} input`);
    }
  }
  return found;
}

Deno.test("lineage: the steps are those that Python recorded", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const known = expectedSteps();
    const seen = new Set<string>();
    for (const { uid, kind } of expected.artifacts) {
      const id = await idOf(reader, "lamindb_artifact", uid);
      for (const step of steps(await lineageOf(reader, both(id)))) {
        assert.ok(known.has(step), `${step} around ${kind} ${uid}`);
        seen.add(step);
      }
    }
    assert.deepEqual([...known].filter((step) => !seen.has(step)), [], "none is left out");
  });
});

Deno.test("lineage: up is what it was made from, down what was made from it, as deep as asked", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const id = await idOf(reader, "lamindb_artifact", "5NuNbodHCAvC4DW00000");
    const of = async (directions: Direction[], depth?: number) =>
      steps(
        await lineageOf(reader, {
          start: { kind: "artifact", id },
          directions,
          ...depth === undefined ? {} : { depth },
        }),
      );
    const made = ["3ePfUFxS6BqDgKzp > 5NuNbodHCAvC4DW00000 output"];
    const from = ["IYEmV6wjzV68CSds0001 > 3ePfUFxS6BqDgKzp input"];
    const source = ["Fxw6SpGqgMQe7zZ0 > IYEmV6wjzV68CSds0001 output"];
    assert.deepEqual(await of(["up"]), [...made, ...source, ...from]);
    assert.deepEqual(await of(["up"], 1), [...made, ...from]);
    assert.equal((await of(["down"])).length, 8);
    assert.equal((await of(["up", "down"])).length, 11);
    const run = await idOf(reader, "lamindb_run", "3ePfUFxS6BqDgKzp");
    const around = await lineageOf(reader, {
      start: { kind: "run", id: run },
      directions: ["up", "down"],
      depth: 1,
    });
    assert.deepEqual(steps(around), [...made, ...from]);
  });
});

/** A run that reads what a later run makes of its own output. */
const cycle = `
  INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id)
  SELECT artifact.id, run.id FROM lamindb_artifact AS artifact, lamindb_run AS run
  WHERE artifact.uid = '5e44MQPQhzd8auYK0000' AND run.uid = 'Fxw6SpGqgMQe7zZ0'`;

Deno.test("lineage: a cycle comes to an end, with each step once", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const id = await idOf(reader, "lamindb_artifact", "5e44MQPQhzd8auYK0000");
    const found = steps(await lineageOf(reader, both(id)));
    assert.equal(new Set(found).size, found.length);
    assert.ok(found.includes("5e44MQPQhzd8auYK0000 > Fxw6SpGqgMQe7zZ0 input"));
  }, cycle);
});

/** Five hundred runs side by side that read one artifact and make two each. */
const wide = `
  WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 500)
  INSERT INTO lamindb_run (id, uid, started_at, created_at, updated_at, transform_id, created_by_id,
    branch_id, created_on_id, space_id, is_locked, _status_code)
  SELECT 1000 + n, printf('wide%012d', n), '2026-01-01 00:00:00', '2026-01-01 00:00:00',
    '2026-01-01 00:00:00', 1, 1, 1, 1, 1, 0, 0
  FROM counter;
  INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id)
  SELECT artifact.id, run.id FROM lamindb_artifact AS artifact, lamindb_run AS run
  WHERE artifact.uid = 'veT9fpi47M23iMMP0000' AND run.id > 1000;
  INSERT INTO lamindb_artifact_recreating_runs (artifact_id, run_id)
  SELECT artifact.id, run.id FROM lamindb_artifact AS artifact, lamindb_run AS run
  WHERE artifact.uid = '2u7upeibfHBMzUTp0000' AND run.id > 1000;`;

Deno.test("lineage: the number of queries does not grow with the nodes", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader }) => {
    const id = await idOf(reader, "lamindb_artifact", "veT9fpi47M23iMMP0000");
    let queries = 0;
    const counting: Reader = {
      dialect: reader.dialect,
      all: (sql, parameters) => {
        queries++;
        return reader.all(sql, parameters);
      },
      first: (sql, parameters) => reader.first(sql, parameters),
      iterate: (sql, parameters) => reader.iterate(sql, parameters),
      select: (table, condition, parameters) => reader.select(table, condition, parameters),
      hasTable: (name) => reader.hasTable(name),
      tablesAmong: (names) => reader.tablesAmong(names),
      othersVersion: () => reader.othersVersion(),
      columnsOf: (table) => reader.columnsOf(table),
    };
    const lineage = await lineageOf(counting, {
      start: { kind: "artifact", id },
      directions: ["down"],
    });
    assert.equal(lineage.links.length, 1000);
    assert.ok(queries <= 8, `${queries} queries`);
  }, wide);
});
