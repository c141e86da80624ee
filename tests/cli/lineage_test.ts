import assert from "node:assert/strict";
import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Place, say } from "./in_process.ts";

async function inDemo(work: (place: Place) => Promise<void>, sql?: string): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    await work({ folder: root, home });
  });
}

async function seen(place: Place, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await say(place, "lineage", ...words);
  return `${stdout}${stderr}${code === 0 ? "" : `exit code ${code}\n`}`;
}

Deno.test("lineage: trees of what was made from what", async (t) => {
  await inDemo(async (place) => {
    for (
      const words of [
        ["results/top genes.parquet"],
        ["raw/counts.csv", "--down"],
        ["raw/counts.csv", "--down", "--depth", "1"],
        ["raw/counts.csv@0"],
        ["run", "AYElNvu"],
        ["collection", "my-RNA-seq-collection", "--up"],
        ["ulabel", "IFNG"],
        ["nothing.csv"],
      ]
    ) await t.assertSnapshot(await seen(place, ...words));
  });
});

Deno.test("lineage: a cycle is marked", async (t) => {
  const cycle = `
    INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id)
    SELECT artifact.id, run.id FROM lamindb_artifact AS artifact, lamindb_run AS run
    WHERE artifact.uid = '5NuNbodHCAvC4DW00000' AND run.uid = 'Fxw6SpGqgMQe7zZ0'`;
  await inDemo(async (place) => {
    await t.assertSnapshot(await seen(place, "processed/cpm.parquet", "--up"));
  }, cycle);
});

Deno.test("lineage: JSON has nodes, and edges in the direction of data", async () => {
  await inDemo(async (place) => {
    const { stdout } = await say(place, "lineage", "processed/cpm.parquet", "--up", "--json");
    const { root, nodes, edges } = JSON.parse(stdout);
    assert.equal(root, "artifact_5NuNbodHCAvC4DW00000");
    assert.equal(nodes.length, 4);
    const run = nodes.find(({ id }: { id: string }) => id === "run_3ePfUFxS6BqDgKzp");
    assert.equal(run.transform.key, "pipeline/normalize.py");
    assert.deepEqual([run.status, run.created_by], ["completed", "anonymous"]);
    assert.deepEqual(edges, [
      { from: "run_Fxw6SpGqgMQe7zZ0", to: "artifact_IYEmV6wjzV68CSds0001", role: "output" },
      { from: "run_3ePfUFxS6BqDgKzp", to: root, role: "output" },
      { from: "artifact_IYEmV6wjzV68CSds0001", to: "run_3ePfUFxS6BqDgKzp", role: "input" },
    ]);
  });
});
