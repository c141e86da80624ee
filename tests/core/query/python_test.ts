import assert from "node:assert/strict";
import { parseLookup } from "../../../core/query/lookup.ts";
import { compileQuery, countRows, findRows } from "../../../core/query/query.ts";
import queries from "../../fixtures/queries/lamindb-2.12.1.json" with { type: "json" };
import expected from "../../fixtures/instances/lamindb-2.12.1.expected.json" with { type: "json" };
import { type OpenInstance, withOpenInstance } from "../../open_instance.ts";

async function find(
  { reader, registries }: OpenInstance,
  registry: string,
  lookups: readonly string[],
): Promise<string[]> {
  const query = await compileQuery(reader, registries, registries.find(registry), {
    lookups: lookups.map(parseLookup),
    branches: [1],
    allVersions: true,
    hidden: true,
    order: [],
  });
  const rows = await findRows(reader, query);
  assert.equal(await countRows(reader, query, rows.length + 1), rows.length);
  assert.equal(await countRows(reader, query, 2), Math.min(rows.length, 2), "no more than asked");
  const first = await findRows(reader, query, 3);
  assert.deepEqual(first, rows.slice(0, 3), "the first rows are those of all rows");
  return rows.map(({ uid }) => String(uid)).sort();
}

/** Conditions are separated by a space before a name; values may have spaces. */
function conditions(typed: string): string[] {
  return typed.split(/ (?=[a-z_]+=)/);
}

Deno.test("queries: find what Python finds, each record once", async (t) => {
  await withOpenInstance("lamindb-2.12.1", async (open) => {
    for (const { registry, typed, uids } of queries) {
      await t.step(`${registry} ${typed}`, async () => {
        assert.deepEqual(await find(open, registry, conditions(typed)), uids);
      });
    }
  });
});

Deno.test("queries: those that came with the fixture instance", async () => {
  await withOpenInstance("lamindb-2.12.1", async (open) => {
    let compared = 0;
    for (const [name, uids] of Object.entries(expected.queries)) {
      if (name.includes("search")) continue;
      const typed = name.replace(/^Artifact\.filter\((.*)\)$/, "$1");
      const found = await find(open, "artifact", typed === "" ? [] : [typed]);
      assert.deepEqual(found, uids, name);
      compared++;
    }
    assert.ok(compared > 15);
  });
});
