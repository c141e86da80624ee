import assert from "node:assert/strict";
import { parseLookup } from "../../../core/query/lookup.ts";
import { compileQuery, findRows, type Query } from "../../../core/query/query.ts";
import { LaminError } from "../../../store/errors.ts";
import { type OpenInstance, withOpenInstance } from "../../open_instance.ts";

/** Keys or names of what a query finds. */
async function find(
  { reader, registries }: OpenInstance,
  registry: string,
  lookups: readonly string[],
  query: Partial<Query> = {},
): Promise<string[]> {
  const compiled = await compileQuery(reader, registries, registries.find(registry), {
    lookups: lookups.map(parseLookup),
    branches: [1],
    allVersions: true,
    hidden: false,
    order: ["id"],
    ...query,
  });
  return (await findRows(reader, compiled)).map((row) => String(row.key ?? row.name ?? row.uid));
}

const demo = (work: (open: OpenInstance) => Promise<void>, sql?: string) =>
  withOpenInstance("lamindb-2.12.1", work, sql);

const hostile = [
  "' OR 1=1 --",
  '" OR "1"="1',
  "'; DROP TABLE lamindb_artifact; --",
  "a') UNION SELECT * FROM lamindb_user --",
  "\0",
  "?",
  "%_",
  "\\",
];

Deno.test("filter: values and names from outside never become SQL", async () => {
  await demo(async (open) => {
    const operators = ["", "__contains", "__icontains", "__in", "__startswith", "__regex"];
    for (const text of hostile) {
      for (const operator of operators) {
        for (
          const field of ["key", "run__transform__key", "ulabels__name", "experiment", "study_note"]
        ) {
          // A list or an expression may be refused; it may find nothing else.
          const found = await find(open, "artifact", [`${field}${operator}=${text}`])
            .catch((error) => assert.equal(error.code, "usage"));
          if (text !== "%_" || operator !== "__contains") assert.deepEqual(found ?? [], [], text);
        }
      }
      const name = text.replaceAll("=", "");
      await assert.rejects(find(open, "artifact", [`${name}=1`]), { code: "usage" }, name);
      await assert.rejects(find(open, "run", [`params__${name}x"=1`]), { code: "usage" }, name);
      await assert.rejects(find(open, "artifact", [], { order: [name] }), { code: "usage" }, name);
    }
    assert.equal((await find(open, "artifact", [], { hidden: true })).length, 36);
  });
});

Deno.test("filter: JSON keys from outside are a path, not SQL", async () => {
  await demo(async (open) => {
    assert.deepEqual(await find(open, "run", ["params__x') OR 1=1 --=1"]), []);
    assert.deepEqual(await find(open, "run", ["params__$.plate=P1"]), []);
    assert.equal((await find(open, "run", ["params__plate=P1"])).length, 2);
    assert.equal((await find(open, "run", ["params__filters__genes__0=CD8A"])).length, 2);
    assert.equal((await find(open, "run", ["params__log=true"])).length, 1);
    assert.equal((await find(open, "run", ["params__target_sum__range=1e5,1e7"])).length, 1);
  });
});

Deno.test("filter: a record comes once, however many related records fit", async () => {
  await demo(async (open) => {
    const found = await find(open, "artifact", ["cell_types__name__contains=cell"]);
    assert.equal(new Set(found).size, found.length);
    assert.ok(found.length > 1);
    const runs = await find(open, "run", ["output_artifacts__size__gte=0"]);
    assert.equal(new Set(runs).size, runs.length);
  });
});

Deno.test("filter: conditions over one relation hold for one related record, a repeated one for two", async () => {
  await demo(async (open) => {
    const both = ["ulabels__name=IFNG", "ulabels__name=DMSO"];
    assert.deepEqual(await find(open, "artifact", both), [
      "my_curated_dataset.parquet",
      "my_datasets/my_rnaseq1.h5ad",
      "my_datasets/my_rnaseq2.h5ad",
    ]);
    const one = ["ulabels__name=IFNG", "ulabels__uid=nothing"];
    assert.deepEqual(await find(open, "artifact", one), []);
    const linked = ["links_ulabel__ulabel__name=IFNG", "links_ulabel__feature__name=experiment"];
    assert.deepEqual(await find(open, "artifact", linked), []);
  });
});

Deno.test("filter: relations lead both ways", async () => {
  await demo(async (open) => {
    assert.deepEqual(await find(open, "ulabel", ["artifacts__key=my_curated_dataset.parquet"]), [
      "DMSO",
      "IFNG",
    ]);
    assert.deepEqual(
      await find(open, "transform", ["runs__output_artifacts__key=raw/counts.csv"]),
      [
        "ingest.py",
        "ingest.py",
      ],
    );
    assert.deepEqual(await find(open, "artifact", ["run=EFwAcEBEcBc4GbkB", "n_files__gt=50"]), [
      "pbmc/pbmc.anndata.zarr",
      "pbmc/pbmc_v2.zarr",
    ]);
    assert.deepEqual(await find(open, "artifact", ["ulabels=very good ✓"]), [
      "pbmc/pbmc_small.h5ad",
    ]);
    assert.deepEqual(await find(open, "artifact", ["ulabels__startswith=very"]), [
      "pbmc/pbmc_small.h5ad",
    ]);
  });
});

Deno.test("filter: case counts unless the operator starts with i, in all scripts", async () => {
  const sql =
    "UPDATE lamindb_artifact SET key = 'Ärzte/ΣΊΓΜΑ.csv' WHERE uid = 'veT9fpi47M23iMMP0000'";
  await demo(async (open) => {
    const finds = async (lookup: string) => (await find(open, "artifact", [lookup])).length;
    assert.equal(await finds("key__startswith=Ärzte"), 1);
    assert.equal(await finds("key__startswith=ärzte"), 0);
    assert.equal(await finds("key__istartswith=ärzte"), 1);
    assert.equal(await finds("key__icontains=σίγμα"), 1);
    assert.equal(await finds("key__contains=σίγμα"), 0);
    assert.equal(await finds("key__iexact=ÄRZTE/σίγμα.CSV"), 1);
    assert.equal(await finds("key__iendswith=ΜΑ.CSV"), 1);
    assert.equal(await finds("key__iregex=^ÄRZTE"), 1);
    assert.equal(await finds("key__regex=^ÄRZTE"), 0);
    assert.equal(await finds("key__startswith=RAW/"), 0);
  }, sql);
});

Deno.test("filter: nothing there is found through missing relations too", async () => {
  await demo(async (open) => {
    const all = await find(open, "artifact", []);
    const named = await find(open, "artifact", ["run__name__isnull=false"]);
    const unnamed = await find(open, "artifact", ["run__name__isnull=true"]);
    assert.equal(named.length + unnamed.length, all.length);
    assert.deepEqual(
      await find(open, "artifact", ["run__name=null"]),
      await find(open, "artifact", ["run__name__isnull=true", "run__isnull=false"]),
    );
  });
});

Deno.test("filter: latest versions, branches and kinds by default, unless asked for", async () => {
  await demo(async (open) => {
    const usual = { allVersions: false };
    const count = async (lookups: string[], query: Partial<Query> = usual) =>
      (await find(open, "artifact", lookups, query)).length;
    assert.equal(await count(["key=raw/counts.csv"]), 1);
    assert.equal(await count(["key=raw/counts.csv"], { allVersions: true }), 2);
    assert.equal(await count(["key=raw/counts.csv", "is_latest=false"]), 1);
    assert.equal(await count(["uid=IYEmV6wjzV68CSds0000"]), 1);
    assert.equal(await count(["kind=__lamindb_run__"]), 8);
    assert.equal(await count(["key__isnull=true", "kind=null"]), 2);
    assert.equal(await count(["branch=trash"]), 1);
    assert.equal(await count([], { branches: [-1] }), 1);
    assert.equal(await count([], { branches: "all", allVersions: true, hidden: true }), 40);
    assert.equal(await count(["branch=my_branch"]), 2);
    assert.equal(await count([], { branches: [2, 1], allVersions: false }), 24);
  });
});

Deno.test("filter: unknown names are told with the nearest and all there are", async () => {
  await demo(async (open) => {
    const told = async (lookup: string, registry = "artifact") => {
      try {
        await find(open, registry, [lookup]);
      } catch (error) {
        assert.ok(error instanceof LaminError && error.code === "usage", lookup);
        return `${error.message} | ${error.hint}`;
      }
      throw new Error(`${lookup} was taken`);
    };
    assert.match(await told("desciption=x"), /^artifact has no field 'desciption' .*'description'/);
    assert.match(await told("nonsense=x"), /fields: created_at, .*relations: .*ulabels/);
    assert.match(await told("run__transfrm__key=x"), /^run has no field 'transfrm' .*'transform'/);
    assert.match(await told("key__startwith=x"), /'startwith' .* did you mean 'startswith'/);
    assert.match(await told("size=big"), /^size takes a number, not 'big'/);
    assert.match(await told("size__contains=1"), /^size holds no text/);
    assert.match(await told("is_latest=maybe"), /^is_latest takes true or false/);
    assert.match(await told("status=done", "run"), /^status takes one of scheduled, /);
    assert.match(await told("key__isnull=2"), /^key__isnull takes true or false/);
    assert.match(await told("size__range=1"), /^size__range takes two values/);
    assert.match(await told("key__regex=("), /is no regular expression/);
    assert.match(await told("temperature__foo=1"), /a feature is followed by an operator/);
    assert.match(await told("key"), /^'key' is no condition/);
    assert.match(await told("=x"), /is no condition/);
    assert.match(await told("key__=x"), /'' is nothing that 'key' can be asked for/);
  });
});

Deno.test("filter: order by fields from high to low or low to high, nothing last", async () => {
  await demo(async (open) => {
    const sizes = await find(open, "artifact", ["size__lt=20"], { order: ["-size", "key"] });
    assert.equal(sizes[0], "models/weights.json");
    assert.equal(sizes.at(-1), "misc/empty.txt");
    const observed = await find(open, "artifact", [], { order: ["n_observations"] });
    assert.deepEqual(observed.slice(0, 1), ["results/top genes.parquet"]);
    await assert.rejects(find(open, "artifact", [], { order: ["-sise"] }), { code: "usage" });
  });
});
