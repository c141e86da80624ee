import { optional } from "../../core/registry/columns.ts";
import { many } from "../../core/registry/registry.ts";
import { inSchemas, ontology } from "./term.ts";

/** The registries whose terms have parents (COMPAT §11.1). */
export const organism = ontology("Organism", "organisms", {
  scientific_name: optional.varchar(255, { unique: true }),
});
export const tissue = ontology("Tissue", "tissues", {});
export const cellType = ontology("CellType", "cell_types", {});
export const disease = ontology("Disease", "diseases", {});
export const cellLine = ontology("CellLine", "cell_lines", {});
export const phenotype = ontology("Phenotype", "phenotypes", {});
export const experimentalFactor = ontology("ExperimentalFactor", "experimental_factors", {});
export const developmentalStage = ontology("DevelopmentalStage", "developmental_stages", {});
export const ethnicity = ontology("Ethnicity", "ethnicities", {});
export const pathway = ontology("Pathway", "pathways", {}, [
  many("genes", "bionty_gene", "bionty_pathway_genes", "pathways"),
  inSchemas("Pathway", "pathways"),
]);

/** In Python's order. */
export const ontologies = [
  organism,
  tissue,
  cellType,
  disease,
  cellLine,
  phenotype,
  pathway,
  experimentalFactor,
  developmentalStage,
  ethnicity,
] as const;
