import assert from "node:assert/strict";
import { mutate } from "../../../core/operation/mutate.ts";
import type { Changes } from "../../../core/operation/changes.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import {
  insertRun,
  linkInputs,
  linkOutputs,
  type RunWanted,
} from "../../../core/run/record_run.ts";
import { runStatus } from "../../../core/run/run_status.ts";
import { run } from "../../../core/registry/lamindb/run.ts";
import { transform } from "../../../core/registry/lamindb/transform.ts";
import { withRaw } from "../../raw_database.ts";
import { withAtlas } from "../../cli/atlas.ts";
import { opened } from "../sync/two_labs.ts";

interface World {
  readonly instance: Instance;
  change<T>(work: (changes: Changes) => Promise<T>): Promise<T>;
  insert(wanted?: Partial<RunWanted>): Promise<number>;
  rows(sql: string): Record<string, string | number | null>[];
}

/** An instance with three files, `a`, `b` and `c`, whose ids are 1, 2 and 3, and a transform. */
async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  await withAtlas(async (atlas) => {
    for (const name of ["a", "b", "c"]) atlas.write(name, `${name}\n`);
    for (const name of ["a", "b", "c"]) await atlas.lamin("add", name);
    await opened(atlas, async (instance) => {
      const change = async <T>(work: (changes: Changes) => Promise<T>): Promise<T> => {
        const outcome = await mutate(
          instance,
          { verb: "run", command: ["run"] },
          async (changes) => ({
            result: await work(changes),
            summary: "test",
          }),
        );
        return outcome.result;
      };
      const transformId = await change(async (changes) => {
        const [id] = await changes.insert(transform, [
          { uid: "T".repeat(16), key: "x.sh", is_latest: true, created_by_id: 1 },
        ]);
        return id!;
      });
      const plain = {
        transformId,
        branchId: 1,
        status: runStatus.started,
        startedAt: new Date("2026-11-29T01:02:03.456Z"),
      };
      await work({
        instance,
        change,
        insert: (wanted) =>
          change(async (changes) =>
            (await insertRun(instance, changes, { ...plain, ...wanted })).id
          ),
        rows: (sql) =>
          withRaw(atlas.root, (database) => database.all(sql)).map((row) => ({ ...row })),
      });
    });
  });
}

Deno.test("a run has what it was given, as Python writes it", async () => {
  await withWorld(async ({ instance, insert }) => {
    const parent = await insert();
    const id = await insert({
      name: "night",
      params: { threads: 4, rate: 0.5, "µ": ["x"] },
      cliArgs: "x".repeat(2000),
      initiatedByRunId: parent,
      extraData: { lamin: { command: ["ls"] } },
      status: runStatus.errored,
      finishedAt: new Date("2026-11-29T01:02:04Z"),
    });
    const [first, second] = await instance.database.read((reader) =>
      reader.select(run, "TRUE ORDER BY id")
    );
    assert.deepEqual([first!.params, first!.finished_at, first!.extra_data], [null, null, null]);
    assert.equal(first!._status_code, -1);
    assert.equal(first!.started_at, "2026-11-29 01:02:03.456000");
    assert.match(first!.uid, /^[0-9A-Za-z]{16}$/);
    assert.equal(second!.id, id);
    assert.deepEqual(JSON.parse(second!.params!), { threads: 4, rate: 0.5, "µ": ["x"] });
    assert.equal(second!.cli_args!.length, 1024);
    assert.deepEqual([second!.name, second!.initiated_by_run_id, second!._status_code], [
      "night",
      parent,
      1,
    ]);
  });
});

const inputs = "SELECT artifact_id, run_id FROM lamindb_artifact_input_of_runs ORDER BY id";
const again = "SELECT artifact_id, run_id FROM lamindb_artifact_recreating_runs ORDER BY id";
const makers = "SELECT run_id FROM lamindb_artifact ORDER BY id";

Deno.test("inputs are noted once, and what the run made is none of them", async () => {
  await withWorld(async ({ change, insert, rows }) => {
    const one = await insert();
    const two = await insert();
    await change((changes) => linkOutputs(changes, one, [3]));
    await change((changes) => linkOutputs(changes, two, [3]));
    await change((changes) => linkInputs(changes, one, [1, 2, 1, 3]));
    await change((changes) => linkInputs(changes, one, [2]));
    await change((changes) => linkInputs(changes, two, [3, 1]));
    await change((changes) => linkInputs(changes, two, []));
    assert.deepEqual(rows(inputs), [
      { artifact_id: 1, run_id: one },
      { artifact_id: 2, run_id: one },
      { artifact_id: 1, run_id: two },
    ]);
    assert.deepEqual(rows(again), [{ artifact_id: 3, run_id: two }]);
  });
});

Deno.test("outputs belong to the run, are made again by it, or are its inputs", async () => {
  await withWorld(async ({ change, insert, rows }) => {
    const one = await insert();
    const two = await insert();
    await change((changes) => linkInputs(changes, one, [1]));
    await change((changes) => linkOutputs(changes, one, [1, 2, 2]));
    await change((changes) => linkOutputs(changes, one, [2]));
    await change((changes) => linkOutputs(changes, two, [2, 3]));
    await change((changes) => linkOutputs(changes, two, [2, 3]));
    assert.deepEqual(rows(makers).map(({ run_id }) => run_id), [null, one, two]);
    assert.deepEqual(rows(again), [{ artifact_id: 2, run_id: two }]);
  });
});

Deno.test("a file from which a run's inputs descend is made again by it, not made", async () => {
  await withWorld(async ({ change, insert, rows }) => {
    const first = await insert();
    await change((changes) => linkInputs(changes, first, [1]));
    await change((changes) => linkOutputs(changes, first, [2]));
    const second = await insert();
    await change((changes) => linkInputs(changes, second, [2]));
    await change((changes) => linkOutputs(changes, second, [3]));
    const back = await insert();
    await change((changes) => linkInputs(changes, back, [3]));
    await change((changes) => linkOutputs(changes, back, [1]));
    assert.deepEqual(rows(makers).map(({ run_id }) => run_id), [null, first, second]);
    assert.deepEqual(rows(again), [{ artifact_id: 1, run_id: back }]);
  });
});
