import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { endTime, writeAt } from "./snakemake_world.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

/** The tables of redun 0.44 (schema 3), as far as they are read. */
const tables = `
  CREATE TABLE task (hash VARCHAR(40), name VARCHAR, namespace VARCHAR, source VARCHAR);
  CREATE TABLE value (value_hash VARCHAR(40), type VARCHAR(100), format VARCHAR(100), value BLOB);
  CREATE TABLE call_node (call_hash VARCHAR(40), task_name VARCHAR, task_hash VARCHAR(40),
    args_hash VARCHAR(40), value_hash VARCHAR(40), timestamp DATETIME);
  CREATE TABLE file (value_hash VARCHAR(40), path VARCHAR(1024));
  CREATE TABLE subvalue (value_hash VARCHAR(40), parent_value_hash VARCHAR(40));
  CREATE TABLE argument (arg_hash VARCHAR(40), call_hash VARCHAR(40), value_hash VARCHAR(40),
    arg_position INTEGER, arg_key VARCHAR(100));
  CREATE TABLE call_edge (parent_id VARCHAR(40), child_id VARCHAR(40), call_order INTEGER);
  CREATE TABLE job (id VARCHAR, start_time DATETIME, end_time DATETIME, task_hash VARCHAR(40),
    cached BOOLEAN, call_hash VARCHAR(40), parent_id VARCHAR, execution_id VARCHAR);`;

/** Makes the database of redun in the folder `flow`. */
function makeRedun({ write, path }: Workspace, sql: string): void {
  write("flow/.redun/redun.db", "");
  changeDatabase(path("flow/.redun/redun.db"), tables + sql);
}

const ended = new Date(endTime * 1000).toISOString().replace("T", " ").replace("Z", "000");

/** One job that made a file of another one. */
const job = `
  INSERT INTO task VALUES ('t1', 'count', 'demo', 'def count(): ...');
  INSERT INTO job VALUES ('j1', '2026-05-28 20:00:00.000000', '${ended}', 't1', 0, 'c1', NULL, 'e1');
  INSERT INTO call_node VALUES ('c1', 'demo.count', 't1', 'a', 'v1', '${ended}');
  INSERT INTO value VALUES ('v1', 'redun.File', 'x', x'80034E2E'), ('v2', 'redun.File', 'x', x'80034E2E'),
    ('v3', 'builtins.str', 'x', x'80035801000000472E');
  INSERT INTO file VALUES ('v1', 'out/a.txt'), ('v2', 'raw/a.csv');
  INSERT INTO argument VALUES ('a1', 'c1', 'v2', 0, NULL), ('a2', 'c1', 'v3', NULL, 'base');`;

Deno.test("import-run: jobs of redun that failed, did not end, or came from the cache", async () => {
  await withInstance(async (workspace) => {
    const { run, json } = workspace;
    writeAt(workspace, "flow/raw/a.csv", "a\n", endTime - 100);
    writeAt(workspace, "flow/out/a.txt", "1\n");
    makeRedun(
      workspace,
      `${job}
      INSERT INTO job VALUES ('j2', '2026-05-28 20:00:00', NULL, 't1', 0, NULL, NULL, 'e1'),
        ('j3', '2026-05-28 20:00:00', '${ended}', 't1', 1, 'c1', 'j4', 'e1'),
        ('j4', '2026-05-28 20:00:00', '${ended}', 't1', 0, 'c4', 'j3', 'e1');
      INSERT INTO call_node VALUES ('c4', 'demo.count', 't1', 'a', 'v4', '${ended}');
      INSERT INTO value VALUES ('v4', 'redun.ErrorValue', 'x', x'80034E2E');`,
    );
    const { code, stdout, stderr } = await run(["import-run", "redun", "flow"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /imported 2 runs with 2 files/);
    assert.match(stderr, /the job j2 of demo\.count did not end/);
    const runs = await json("list", "run");
    const states = runs.map(({ reference, _status_code, params, initiated_by_run_id }: Json) => [
      reference,
      _status_code,
      params,
      initiated_by_run_id,
    ]);
    assert.deepEqual(states.sort(), [
      ["j1", 0, { base: "G" }, null],
      ["j4", 1, null, null],
    ]);
    const [{ edges }] = await json("lineage", "flow/out/a.txt", "--up");
    assert.deepEqual(edges.map(({ role }: Json) => role).sort(), ["input", "output"]);
  });
});

Deno.test("import-run: a database that only looks like redun's is refused", async () => {
  await withInstance(async (workspace) => {
    const { run, write, json } = workspace;
    const endless = `WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x FROM n)
      SELECT x AS value_hash, x AS path FROM n`;
    makeRedun(workspace, `${job} DROP TABLE file; CREATE VIEW file AS ${endless};`);
    const { code, stderr } = await run(["import-run", "redun", "flow"]);
    assert.equal(code, 13);
    assert.match(stderr, /has no table file/);
    write("flow/.redun/redun.db", "no database at all, but longer than the head of one".repeat(20));
    assert.equal((await run(["import-run", "redun", "flow"])).code, 13);
    assert.deepEqual(await json("list", "run"), []);
  });
});

Deno.test("import-run: hostile rows of redun lead nowhere", async () => {
  await withInstance(async (workspace) => {
    const { run, json } = workspace;
    makeRedun(
      workspace,
      `${job}
      UPDATE file SET path = '../../../../etc/hostname' WHERE value_hash = 'v2';
      UPDATE file SET path = x'00ff' WHERE value_hash = 'v1';
      UPDATE task SET namespace = '../..', name = char(27) || '[2J' || char(10);
      UPDATE value SET value = CAST('cos' || char(10) || 'system' || char(10) AS BLOB)
        WHERE value_hash = 'v3';
      INSERT INTO call_edge VALUES ('c1', 'c1', 0);
      INSERT INTO subvalue VALUES ('v1', 'v1'), ('v2', 'v1');`,
    );
    const { code, stderr } = await run(["import-run", "redun", "flow"]);
    assert.equal(code, 0, stderr);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stderr, /\x1b/);
    assert.deepEqual(await json("list", "artifact"), []);
    assert.equal((await run(["fsck"])).code, 0);
  });
});
