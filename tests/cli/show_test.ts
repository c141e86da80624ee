import assert from "node:assert/strict";
import { withInstance, withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Place, say } from "./in_process.ts";
import { storageOf, storageRootOf } from "../test_database.ts";

type Fixture = Parameters<typeof withPythonInstance>[0];

async function inCopy(
  name: Fixture,
  work: (place: Place) => Promise<void>,
  sql?: string,
): Promise<void> {
  await withPythonInstance(name, async ({ root, home }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    await work({ folder: root, home });
  });
}

/** What a person sees, with the folder of the instance under its first name. */
async function seen(place: Place, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await say(place, ...words);
  const text = `${stdout}${stderr}${code === 0 ? "" : `exit code ${code}\n`}`;
  return text.replaceAll(place.folder, "/data/demo-lab");
}

async function shown(place: Place, ...words: readonly string[]) {
  const { code, stdout, stderr } = await say(place, "show", ...words, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("show: records of all kinds", async (t) => {
  await inCopy("lamindb-2.12.1", async (place) => {
    for (
      const words of [
        ["my_datasets/rnaseq1.parquet"],
        ["raw/counts.csv@0000", "-v"],
        ["artifact", "ambt3nV5BgljoiHX0000"],
        ["transform", "ingest.py"],
        ["run", "tp9ps77"],
        ["run", "O8zWh0bFIhwiYOx7", "-v"],
        ["collection", "my-RNA-seq-collection", "-v"],
        ["schema", "my_anndata_schema"],
        ["schema", "ln5f18G31TAQWvpy"],
        ["record", "S2"],
        ["feature", "temperature"],
        ["ulabel", "IFNG"],
        ["celltype", "T cell"],
        ["gene", "ENSG00000010610"],
        ["source", "1Fo4zi8A"],
        ["branch"],
        ["user", "anonymous"],
        ["ulabel", "IFNG", "DMSO"],
      ]
    ) await t.assertSnapshot(await seen(place, "show", ...words));
  });
});

Deno.test("show: what is not there, or not one", async (t) => {
  await inCopy("lamindb-2.12.1", async (place) => {
    for (
      const words of [
        [],
        ["raw/count.csv"],
        ["transform"],
        ["transform", "ingst.py"],
        ["transform", "ingest.py@7"],
        ["source", "cl"],
        ["nothing", "x"],
        ["ulabel", "--key", "x"],
      ]
    ) await t.assertSnapshot(await seen(place, "show", ...words));
  });
});

Deno.test("show: the words of Python's describe", async () => {
  await inCopy("lamindb-2.12.1", async (place) => {
    const first = async (...words: string[]) =>
      (await say(place, "describe", ...words)).stdout.split("\n")[0];
    assert.equal(await first("--key", "raw/counts.csv"), "Artifact: raw/counts.csv (0001)");
    assert.equal(
      await first("artifact", "--uid", "IYEmV6wjzV68CSds"),
      "Artifact: raw/counts.csv (0001)",
    );
    assert.equal(await first("--uid", "IYEmV6wjzV68CSds0000"), "Artifact: raw/counts.csv (0000)");
    assert.equal(await first("transform", "--key", "ingest.py"), "Transform: ingest.py (0001)");
    assert.equal(await first("project", "--name", "Immune atlas"), "Project: Immune atlas");
    assert.equal(await first("branch"), "Branch: main");
    assert.equal(await first("branch", "--name", "my_branch"), "Branch: my_branch");
  });
});

Deno.test("show: a record is known by any of its names", async () => {
  await inCopy("lamindb-2.12.1", async (place) => {
    const uid = async (...words: string[]) => (await shown(place, ...words)).uid;
    for (const name of ["T cell", "t CELL", "CL:0000084", "22LvKd01", "22LvKd01YyNA1a"]) {
      assert.equal(await uid("celltype", name), "22LvKd01YyNA1a", name);
    }
    assert.equal(await uid("transform", "train.py"), "g9IONIqcLuja0001", "the latest version");
    assert.equal(await uid("transform", "train.py@1"), "g9IONIqcLuja0000", "by its tag");
    assert.equal(await uid("transform", "train.py@0"), "g9IONIqcLuja0000");
    assert.equal(await uid("transform", "g9IONIqcLuja"), "g9IONIqcLuja0001");
  });
});

Deno.test("show: JSON has all that is known", async () => {
  await inCopy("lamindb-2.12.1", async (place) => {
    const artifact = await shown(place, "my_datasets/rnaseq1.parquet");
    assert.equal(artifact.key, "my_datasets/rnaseq1.parquet");
    assert.equal(artifact.path, `${place.folder}/.lamindb/k6DjFdOWqylNtA4G0001.parquet`);
    assert.deepEqual(artifact.versions, ["k6DjFdOWqylNtA4G0000", "k6DjFdOWqylNtA4G0001"]);
    assert.deepEqual(artifact.transform, { uid: "3Is2PYkjrEa90000", name: "Cell Ranger" });
    assert.equal(artifact.run.name, "run on plate P1");
    assert.equal(artifact.branch.name, "main");
    assert.deepEqual(artifact.labels.diseases, ["Alzheimer disease"]);
    assert.equal(artifact.features.temperature, 21.6);
    assert.deepEqual(artifact.features.markers, ["CD4", "CD8A"]);
    assert.deepEqual(artifact.features.cell_types_seen, ["B cell", "T cell"]);
    assert.equal(artifact.features.assay, "EFO:0008913");
    assert.equal(artifact.relations.projects[0].name, "Immune atlas");
    const run = await shown(place, "run", "3ePfUFxS6BqDgKzp");
    assert.deepEqual(run.params, { target_sum: 1000000, log: true });
    assert.equal(run.status, "completed");
    assert.equal(run.relations.input_artifacts[0].name, "raw/counts.csv");
    const schema = await shown(place, "schema", "my_anndata_schema");
    assert.deepEqual(schema.slots, { obs: "cW2Z61hxvhTS9pEd", "var.T": "AXr0LBaBrYM3i2MU" });
    const record = await shown(place, "record", "S2");
    assert.deepEqual(record.features, {
      cell_medium: "IFNG",
      collected_on: "2024-12-01",
      donor: "D0001",
      dose_um: 0.5,
    });
  });
});

Deno.test("show: what lamin added has its SHA-256 and lies where it says", async () => {
  await withInstance(async ({ json, write, root }) => {
    write("a.csv", "x\n1\n");
    await json("add", "a.csv");
    const [{ sha256, path, labels, features }] = await json("show", "a.csv");
    assert.match(sha256, /^[0-9a-f]{64}$/);
    const object = `.lamindb/objects/${sha256.slice(0, 2)}/${sha256}.csv`;
    const [place, query = ""] = storageRootOf(root).split(/(?=\?)/);
    assert.equal(path, `${place}/${object}${query}`);
    assert.equal(Deno.readTextFileSync(`${storageOf(root)}/${object}`), "x\n1\n");
    assert.deepEqual([labels, features], [{}, {}]);
  });
});

Deno.test("show: names and texts cannot command a terminal", async () => {
  const sql = `UPDATE lamindb_transform SET description = 'a\x1b[2Jb', source_code = 'x\x1b]0;t\x07'
    WHERE uid = 'iTuUSyCZBXiK0001'`;
  await inCopy("lamindb-2.12.1", async (place) => {
    const { stdout } = await say(place, "show", "transform", "ingest.py");
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f]/);
    assert.ok(stdout.includes("a\\x1b[2Jb"));
  }, sql);
});

Deno.test("show: a log that is gone or damaged is said, and the rest is shown", async () => {
  await inCopy("lamindb-2.12.1", async (place) => {
    Deno.removeSync(`${place.folder}/.lamindb/bMOJzjVsg7Z4AZdc0000.txt`);
    const { code, stdout } = await say(place, "show", "run", "nHgCL3mlxclP8flR");
    assert.equal(code, 0);
    assert.match(stdout, /report: bMOJzjV \(the bytes of .* are missing/);
    assert.match(stdout, /plate: P1/);
  });
});

Deno.test("show: records of an older LaminDB", async (t) => {
  await inCopy("lamindb-1.1.0", async (place) => {
    for (
      const words of [
        ["old/rnaseq.parquet"],
        ["old/data.h5ad"],
        ["transform", "analysis.py"],
        ["run", "GQGW"],
        ["schema", "old schema"],
        ["schema", "anndata"],
        ["celltype", "T cell"],
      ]
    ) await t.assertSnapshot(await seen(place, "show", ...words));
  });
});
