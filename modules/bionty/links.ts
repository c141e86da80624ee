import { bigId, foreign } from "../../core/registry/columns.ts";
import { link, type Registry } from "../../core/registry/registry.ts";
import { tracksRun } from "../../core/registry/lamindb/groups.ts";
import { bareLink, selfLink } from "../../core/registry/lamindb/link_builders.ts";
import { end, forFeature } from "../../core/registry/lamindb/link_columns.ts";

/** Terms that label artifacts; `words` is the model in the names of relations: `cell_type`. */
export function artifactTerm(model: string, words: string): Registry {
  const lower = model.toLowerCase();
  const name = `bionty.Artifact${model}`;
  return link(name, {
    id: bigId(),
    ...end("artifact", { onDelete: "CASCADE", reverse: `links_${words}` }),
    ...end(lower, { reverse: "links_artifact", table: `bionty_${lower}` }),
    ...forFeature(name),
    ...tracksRun,
  }, { unique: [{ columns: ["artifact_id", `${lower}_id`, "feature_id"] }] });
}

/** Terms that are values of a record's features. */
export function recordTerm(model: string, words: string): Registry {
  const name = `bionty.Record${model}`;
  return link(name, {
    id: bigId(),
    ...end("record", { onDelete: "CASCADE", reverse: `values_${words}` }),
    value_id: foreign(`bionty_${model.toLowerCase()}`, { reverse: "links_record" }),
    ...forFeature(name),
    ...tracksRun,
  }, { unique: [{ columns: ["record_id", "value_id", "feature_id"] }] });
}

/** Terms that are the features of a schema. */
export function schemaTerm(model: string): Registry {
  const lower = model.toLowerCase();
  return link(`bionty.Schema${model}`, {
    id: bigId(),
    ...end("schema", { onDelete: "CASCADE", reverse: `links_${lower}` }),
    ...end(lower, { reverse: "links_schema", table: `bionty_${lower}` }),
  }, { unique: [{ columns: ["schema_id", `${lower}_id`] }] });
}

/** Which term is a kind of which. */
export function termParents(model: string): Registry {
  const lower = model.toLowerCase();
  return selfLink(`bionty.${model}_parents`, lower, `bionty_${lower}`);
}

export const pathwayGenes = bareLink("bionty.Pathway_genes", "pathway", "gene", {
  one: "bionty_pathway",
  other: "bionty_gene",
});

export const sourceArtifacts = bareLink("bionty.Source_artifacts", "source", "artifact", {
  one: "bionty_source",
});
