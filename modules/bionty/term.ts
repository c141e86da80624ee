import type { Columns } from "../../store/database/table.ts";
import { foreign, id, optional, varchar } from "../../core/registry/columns.ts";
import { many, type ManyToMany, registry } from "../../core/registry/registry.ts";
import { sqlRecord, tracksRun, tracksUpdates, uid } from "../../core/registry/lamindb/groups.ts";

/** Columns of everything that comes from an ontology or a reference table (COMPAT §11.1). */
export const term = {
  id: id(),
  uid: uid(14, "term"),
  abbr: optional.varchar(32, { unique: true }),
  synonyms: optional.text({ indexed: true }),
  description: optional.text({ indexed: true }),
  source_id: optional.foreign("bionty_source"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
};

/** The organism whose gene, protein or marker it is; `reverse` is what the organism calls them. */
export const ofOrganism = (reverse: string) => ({
  organism_id: foreign("bionty_organism", { reverse }),
});

/** What terms label; `plural` is what labelled records call them. */
export function labels(model: string, plural: string): ManyToMany[] {
  const lower = model.toLowerCase();
  return [
    many("artifacts", "lamindb_artifact", `bionty_artifact${lower}`, plural),
    many("records", "lamindb_record", `bionty_record${lower}`, plural),
  ];
}

/** The schemas whose features are such terms. */
export const inSchemas = (model: string, plural: string): ManyToMany =>
  many("schemas", "lamindb_schema", `bionty_schema${model.toLowerCase()}`, plural);

/** A registry of the terms of ontologies: each with an ontology id and with parents. */
export function ontology<More extends Columns>(
  model: string,
  plural: string,
  more: More,
  relations: readonly ManyToMany[] = [],
) {
  const table = `bionty_${model.toLowerCase()}`;
  const columns = {
    ...term,
    name: varchar(255, { indexed: true }),
    ontology_id: optional.varchar(255, { indexed: true }),
    ...more,
  };
  return registry(`bionty.${model}`, columns, {
    unique: [{ columns: ["name", "ontology_id"] }],
    manyToMany: [
      many("parents", table, `${table}_parents`, "children"),
      ...labels(model, plural),
      ...relations,
    ],
  });
}
