import assert from "node:assert/strict";
import { withInstance, withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Place, say } from "./in_process.ts";

async function inDemo(work: (place: Place) => Promise<void>, sql?: string): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    await work({ folder: root, home });
  });
}

/** What a person sees on a terminal of a hundred columns. */
async function seen(place: Place, ...words: readonly string[]): Promise<string> {
  const person = { ...place, isTerminal: true, environment: { NO_COLOR: "1" } };
  const { code, stdout, stderr } = await say(person, ...words);
  return `${stdout}${stderr}${code === 0 ? "" : `exit code ${code}\n`}`;
}

async function rows(place: Place, ...words: readonly string[]) {
  const { code, stdout, stderr } = await say(place, "list", ...words, "--json");
  assert.equal(code, 0, stderr);
  return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

Deno.test("list: what people see", async (t) => {
  await inDemo(async (place) => {
    for (
      const words of [
        [],
        ["artifact"],
        ["artifact", "--limit", "3", "--order", "-size"],
        ["artifact", "key=raw/counts.csv", "--all-versions"],
        ["artifact", "--trash"],
        [
          "artifact",
          "--columns",
          "key,size,ulabels__name,run__transform__key,created_by",
          "suffix=.h5ad",
        ],
        ["run", "status__in=errored,scheduled"],
        ["feature", "type__name=ExperimentMeta"],
        ["CellType", "name__contains=T cell"],
        ["project"],
        ["branch"],
        ["space"],
        ["artifact", "key=none"],
        ["artifcat"],
        ["artifact", "desciption=x"],
      ]
    ) await t.assertSnapshot(await seen(place, "list", ...words));
  });
});

Deno.test("list: data has the fields of the registry, one record a line, all of them", async () => {
  await inDemo(async (place) => {
    const artifacts = await rows(place, "artifact");
    assert.equal(artifacts.length, 22);
    assert.deepEqual(Object.keys(artifacts[0]).slice(0, 5), [
      "id",
      "uid",
      "key",
      "_real_key",
      "description",
    ]);
    const [run] = await rows(place, "run", "params__plate=P1", "--limit", "1");
    assert.deepEqual(run.params.filters, { min_counts: 10, genes: ["CD8A", "CD4"] });
    assert.equal(run._status_code, 0);
    assert.deepEqual(await rows(place, "artifact", "n_files=60", "--columns", "key,is_latest"), [
      { key: "pbmc/pbmc.anndata.zarr", is_latest: true },
    ]);
    const [labelled] = await rows(
      place,
      "artifact",
      "key=my_curated_dataset.parquet",
      "--columns",
      "ulabels__name,run__transform__key,schema,run__params__chemistry",
    );
    assert.deepEqual(labelled, {
      ulabels__name: ["DMSO", "IFNG"],
      run__transform__key: "Cell Ranger",
      schema: "My DataFrame schema",
      run__params__chemistry: "v3",
    });
    const lines = await say(place, "list", "artifact", "otype=AnnData", "--format", "{uid} {size}");
    assert.equal(lines.stdout.trim().split("\n").length, 5);
    assert.match(lines.stdout, /^[0-9A-Za-z]{20} \d+$/m);
    const registries = await rows(place);
    const { registry, module, records } = registries.find(({ model }) => model === "Artifact");
    assert.deepEqual({ registry, module, records }, {
      registry: "artifact",
      module: "lamindb",
      records: 40,
    });
  });
});

Deno.test("list: values of features are columns where they are asked for", async () => {
  await inDemo(async (place) => {
    const samples = ["record", "type__name=Samples 2024", "--order", "name", "--limit", "1"];
    assert.deepEqual(await rows(place, ...samples, "--columns", "name,dose_um,cell_medium"), [
      { name: "S1", dose_um: 0, cell_medium: "DMSO" },
    ]);
    const table = await seen(
      place,
      "list",
      "artifact",
      "temperature__gt=21",
      "--columns",
      "key,temperature,markers,experiment,assay",
    );
    assert.match(table, /^key +temperature +markers +experiment +assay$/m);
    assert.match(table, /21\.6 +\['CD4', 'CD8A'\] +Candidate marker experiment +EFO:0008913$/m);
  });
});

Deno.test("list: a condition without a registry is about artifacts", async () => {
  await inDemo(async (place) => {
    assert.equal((await rows(place, "key__startswith=my_datasets/")).length, 3);
    assert.equal((await rows(place, "temperature__gt=21")).length, 1);
  });
});

Deno.test("list: the words of all registries are known, in all their spellings", async () => {
  await inDemo(async (place) => {
    for (const word of ["artifacts", "Artifact", "bionty.CellType", "cell_types", "lamindb_run"]) {
      assert.equal((await say(place, "list", word, "--limit", "1")).code, 0, word);
    }
    assert.equal((await say(place, "list", "nothing")).code, 1);
    assert.equal((await say(place, "list", "artifact", "key")).code, 2);
    assert.equal((await say(place, "list", "artifact", "--branch", "nowhere")).code, 1);
    assert.equal((await say(place, "list", "artifact", "--columns", "nothing")).code, 2);
  });
});

Deno.test("list: names that would command a terminal, and wide ones, do no harm to a table", async (t) => {
  const sql = `
    UPDATE lamindb_artifact SET key = 'evil\x1b[31m' || char(10) || 'name' WHERE uid = 'veT9fpi47M23iMMP0000';
    UPDATE lamindb_artifact SET key = '細胞/データの非常に長い名前がここにありますのでこの表では切られます.csv', description = 'ñandú'
      WHERE uid = '2u7upeibfHBMzUTp0000';`;
  await inDemo(async (place) => {
    await t.assertSnapshot(await seen(place, "list", "artifact", "size__lt=9", "kind=null"));
    const [evil] = await rows(place, "artifact", "uid=veT9fpi47M23iMMP0000");
    assert.equal(evil.key, "evil\x1b[31m\nname");
  }, sql);
});

Deno.test("list: an instance of an older LaminDB is read as it is", async (t) => {
  await withPythonInstance("lamindb-1.1.0", async ({ root, home }) => {
    const place = { folder: root, home };
    for (
      const words of [[], ["artifact"], ["run"], ["schema"], ["artifact", "ulabels__name=Exp 1"]]
    ) await t.assertSnapshot(await seen(place, "list", ...words));
  });
});

Deno.test("list: an instance without modules has no registries of theirs", async () => {
  await withInstance(async ({ run, json }) => {
    const models = (await json("list")).map(({ model }) => model);
    assert.ok(models.includes("Artifact") && !models.includes("CellType"));
    const { code, stderr } = await run(["list", "cell_type"]);
    assert.deepEqual([code, stderr.includes("bionty of 'cell_type' is switched off")], [1, true]);
    const field = await run(["list", "artifact", "cell_types__name=T cell"]);
    assert.deepEqual([field.code, field.stderr.includes("no field 'cell_types'")], [2, true]);
  });
});
