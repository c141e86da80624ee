import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { exported, hostileRows, inDemo, madeFromAll, secret } from "./export_world.ts";
import { say } from "./in_process.ts";

const schemas = new URL("../fixtures/schemas/openlineage/", import.meta.url).pathname;
const core = "https://openlineage.io/spec/2-0-2/OpenLineage.json";

// deno-lint-ignore no-explicit-any
type Json = any;

/** Throws unless an event, and each facet in it, is as the schema that it names says. */
function validator(): (event: Json) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  for (const { name } of Deno.readDirSync(schemas)) {
    if (name.endsWith(".json")) ajv.addSchema(JSON.parse(Deno.readTextFileSync(schemas + name)));
  }
  const check = (schema: string, value: Json) => {
    const validate = ajv.getSchema(schema);
    assert.ok(validate !== undefined, `there is a schema ${schema}`);
    assert.ok(validate(value), `${schema}: ${ajv.errorsText(validate.errors)}`);
  };
  const checkFacets = (value: Json) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof value._schemaURL === "string") check(value._schemaURL, value);
    for (const inner of Object.values(value)) checkFacets(inner);
  };
  return (event) => {
    check(core, event);
    check(event.schemaURL, event);
    checkFacets(event);
  };
}

function eventsIn(text: string): Json[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("export: OpenLineage tells of each run when it began and how it ended", async () => {
  await inDemo(async (place) => {
    const events = eventsIn(await exported(place, madeFromAll, "--openlineage"));
    events.forEach(validator());
    assert.deepEqual(
      events.map(({ eventType, job }) => `${eventType} ${job.name}`),
      [
        "START ingest.py",
        "COMPLETE ingest.py",
        "START pipeline/normalize.py",
        "COMPLETE pipeline/normalize.py",
        "START analyze.py",
        "COMPLETE analyze.py",
        "START analyze.py",
        "COMPLETE analyze.py",
      ],
    );
    const normalize = events[3];
    assert.deepEqual(normalize.inputs.map(({ name }: Json) => name), ["raw/counts.csv"]);
    assert.deepEqual(normalize.outputs.map(({ name }: Json) => name), ["processed/cpm.parquet"]);
    const { facets } = normalize.outputs[0];
    assert.equal(facets.version.datasetVersion, "5NuNbodHCAvC4DW00000");
    assert.equal(facets.lamin_content.hash, "BqXg-zm_BR8yxJ5WPMp0GQ");
    assert.match(normalize.job.facets.sourceCode.sourceCode, /ln\.track/);
    assert.equal(normalize.job.facets.sourceCode.language, "Python");
    assert.equal(new Set(events.map(({ run }) => run.runId)).size, 4);
    assert.deepEqual(
      eventsIn(await exported(place, madeFromAll, "--openlineage", "--json")),
      events,
    );
  });
});

Deno.test("export: one run comes with what it read and all that it made", async () => {
  await inDemo(async (place) => {
    const run = ["run", "3ePfUFxS6BqDgKzp", "--openlineage", "--depth", "1"];
    const [start, end, ...others] = eventsIn(await exported(place, ...run));
    assert.deepEqual([start.eventType, end.eventType, others], ["START", "COMPLETE", []]);
    assert.deepEqual(end.outputs.map(({ name }: Json) => name), ["processed/cpm.parquet"]);
  });
});

Deno.test("export: a run that failed, was aborted or goes on is told as such", async () => {
  const states = `UPDATE lamindb_run SET _status_code = 1 WHERE uid = '3ePfUFxS6BqDgKzp';
    UPDATE lamindb_run SET _status_code = 2 WHERE uid = '5nGW2jfaPRt68fmm';
    UPDATE lamindb_run SET _status_code = -1, finished_at = NULL WHERE uid = 'vA6VzOsnDatPNf62';`;
  await inDemo(async (place) => {
    const events = eventsIn(await exported(place, madeFromAll, "--openlineage"));
    events.forEach(validator());
    const types = events.map(({ eventType }) => eventType);
    assert.deepEqual(types, ["START", "COMPLETE", "START", "FAIL", "START", "ABORT", "START"]);
    assert.equal(events.at(-1).outputs.length, 2, "what it made so far");
    const prov = JSON.parse(await exported(place, madeFromAll, "--prov"));
    assert.equal(prov.activity["lamin:run_vA6VzOsnDatPNf62"]["prov:endTime"], undefined);
  }, states);
});

Deno.test("export: PROV has entities, activities, agents and what joins them", async () => {
  await inDemo(async (place) => {
    const document = JSON.parse(await exported(place, madeFromAll, "--prov"));
    const counts = Object.fromEntries(
      Object.entries(document).map((
        [name, records],
      ) => [name, Object.keys(records as object).length]),
    );
    assert.deepEqual(counts, {
      prefix: 1,
      entity: 7,
      wasAttributedTo: 4,
      agent: 1,
      activity: 4,
      wasAssociatedWith: 4,
      used: 5,
      wasGeneratedBy: 6,
    });
    const again = JSON.parse(await exported(place, madeFromAll, "--prov", "--json"));
    assert.deepEqual(again, document);
  });
});

Deno.test("export: Mermaid comes as a block of Markdown", async () => {
  await inDemo(async (place) => {
    const text = await exported(place, madeFromAll, "--mermaid");
    assert.match(text, /^```mermaid\nflowchart TD\n[\s\S]*\n```\n$/);
    assert.equal(text.match(/```/g)!.length, 2);
    const [{ mermaid }] = eventsIn(await exported(place, madeFromAll, "--mermaid", "--json"));
    assert.ok(text.includes(mermaid));
  });
});

Deno.test("export: no format shows a secret or breaks at hostile names", async () => {
  await inDemo(async (place) => {
    const uid = "5e44MQPQhzd8auYK0000";
    const validate = validator();
    const events = await exported(place, uid, "--openlineage");
    eventsIn(events).forEach(validate);
    const prov = await exported(place, uid, "--prov");
    for (const id of Object.keys(JSON.parse(prov).activity)) assert.match(id, /^lamin:[\w.%-]+$/);
    const crate = `${place.folder}/crate`;
    await exported(place, uid, "--ro-crate", crate);
    const description = Deno.readTextFileSync(`${crate}/ro-crate-metadata.json`);
    const code = [...Deno.readDirSync(`${crate}/code`)].map(({ name }) => name);
    assert.ok(code.length > 0);
    for (const text of [events, prov, description, await exported(place, uid, "--mermaid")]) {
      assert.ok(!text.includes(secret), text.slice(0, 200));
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f]/);
    }
    for (const { path } of filesBelow(crate)) {
      assert.ok(!Deno.readTextFileSync(path).includes(secret), path);
    }
  }, hostileRows);
});

Deno.test("export: words that are off are said so", async () => {
  await inDemo(async (place) => {
    const said = async (...words: string[]) => {
      const { code, stdout, stderr } = await say(place, "export", ...words);
      assert.equal(stdout, "");
      return [code, stderr.split("\n")[0]!.replace(/^. /, "")];
    };
    assert.deepEqual(await said(madeFromAll), [2, "no format was named"]);
    assert.deepEqual(await said(madeFromAll, "--prov", "--mermaid"), [2, "several formats"]);
    const crateOnly = [2, "--links, --license and --name are about an RO-Crate"];
    assert.deepEqual(await said(madeFromAll, "--prov", "--links"), crateOnly);
    const transform = await said("transform", "train.py", "--prov");
    assert.deepEqual(transform, [2, "a transform has no history of its own"]);
    assert.equal((await said("nothing.csv", "--prov"))[0], 1);
  });
});

function filesBelow(folder: string): { path: string }[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [{ path: `${folder}/${name}` }]
  );
}
