import assert from "node:assert/strict";
import { lamindbRegistries } from "../../../core/registry/lamindb/index.ts";
import { id, text } from "../../../core/registry/columns.ts";
import { registry } from "../../../core/registry/registry.ts";
import type { Relation } from "../../../core/registry/relation.ts";
import { qualifiedName, RegistrySet } from "../../../core/registry/registry_set.ts";
import { bionty } from "../../../modules/bionty/module.ts";
import { LaminError } from "../../../store/errors.ts";

/** Name fields and relations of every table, as Django knows them. */
const django: Record<string, { name: string | null; relations: Record<string, string[]> }> = JSON
  .parse(Deno.readTextFileSync(
    new URL("../../fixtures/lamindb-2.12/relations.json", import.meta.url),
  ));

const set = new RegistrySet([...lamindbRegistries, ...bionty.registries]);

/** A relation in the form of the facts. */
function facts(relation: Relation): string[] {
  const to = relation.registry.name;
  return relation.kind === "many"
    ? ["many", to, relation.through.name, relation.ownColumn, relation.otherColumn]
    : [relation.kind, to, relation.column];
}

const codeOf = (action: () => unknown): LaminError => {
  try {
    action();
  } catch (error) {
    if (error instanceof LaminError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
};

Deno.test("relations lead where Django's lead, over the same columns", () => {
  let count = 0;
  for (const [table, { relations }] of Object.entries(django)) {
    const own = set.relations(set.byTable(table)!);
    const found = Object.fromEntries([...own].map(([name, relation]) => [name, facts(relation)]));
    assert.deepEqual(found, relations, table);
    count += own.size;
  }
  assert.equal(set.all.length, Object.keys(django).length);
  assert.equal(count, 1011);
});

Deno.test("records are named by the field that Python names them by", () => {
  for (const { name, isLink, nameField } of set.all) {
    // Python falls back to the version of a block, and to the slot or role of a link.
    if (isLink || name.endsWith("block")) continue;
    assert.equal(nameField ?? null, django[name]!.name, name);
  }
  assert.equal(set.find("block").nameField, "key");
});

Deno.test("a registry is found by every way to write its name", () => {
  const spellings = {
    lamindb_artifact: ["artifact", "Artifact", "artifacts", "lamindb.Artifact", "lamindb_artifact"],
    bionty_celltype: [
      "cell_type",
      "celltype",
      "CellType",
      "cell-types",
      "cell types",
      "bionty.CellType",
      "bionty.cell_type",
      "bionty_celltype",
    ],
    lamindb_ulabel: ["ulabel", "ULabel", "ulabels"],
    lamindb_branch: ["branch", "branches"],
    bionty_ethnicity: ["ethnicity", "ethnicities"],
    lamindb_jsonvalue: ["json_value", "JsonValue", "json_values"],
    lamindb_artifactulabel: ["ArtifactULabel", "lamindb_artifactulabel"],
    django_migrations: ["migration", "django_migrations"],
  };
  for (const [table, words] of Object.entries(spellings)) {
    for (const word of words) assert.equal(set.find(word).name, table, word);
  }
});

Deno.test("no two registries share a name, and each is found by its own", () => {
  for (const each of set.all) {
    assert.equal(set.find(each.model), each, each.model);
    assert.equal(set.find(qualifiedName(each)), each, each.model);
    assert.equal(set.find(each.name), each, each.name);
  }
  for (const name of set.names()) assert.equal(set.find(name).isLink, false, name);
  for (const name of ["cell_type", "ulabel", "json_value"]) assert.ok(set.names().includes(name));
  assert.ok(!set.names().includes("artifact_ulabel"));
});

Deno.test("a word that names nothing is answered with the nearest names", () => {
  const error = codeOf(() => set.find("artefact"));
  assert.equal(error.code, "not_found");
  assert.deepEqual(error.data.suggestions, ["artifact"]);
  assert.match(error.hint!, /did you mean 'artifact'/);
  assert.match(codeOf(() => set.find("zzzzzz")).hint!, /registries: .*cell_type/);
  assert.equal(codeOf(() => set.find("")).code, "not_found");
  assert.equal(codeOf(() => set.find("__proto__")).code, "not_found");
});

Deno.test("the same name in two modules is refused until the module is said", () => {
  const gene = registry("wetlab.Gene", { id: id(), name: text() });
  const both = new RegistrySet([...set.all, gene]);
  const error = codeOf(() => both.find("genes"));
  assert.equal(error.code, "ambiguous");
  assert.deepEqual(error.data.candidates, ["bionty.Gene", "wetlab.Gene"]);
  assert.equal(both.find("wetlab.gene"), gene);
});

Deno.test("relations to registries that are not there are left out", () => {
  const alone = new RegistrySet(lamindbRegistries);
  assert.equal(alone.relation(alone.find("artifact"), "cell_types"), undefined);
  assert.equal(set.relation(set.find("artifact"), "cell_types")?.kind, "many");
  assert.equal(set.relation(set.find("artifact"), "constructor"), undefined);
});
