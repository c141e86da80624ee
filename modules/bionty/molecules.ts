import { optional, varchar } from "../../core/registry/columns.ts";
import { registry } from "../../core/registry/registry.ts";
import { inSchemas, labels, ofOrganism, term } from "./term.ts";

/** The registries whose records belong to an organism and have no parents (COMPAT §11.1). */
export const gene = registry("bionty.Gene", {
  ...term,
  symbol: optional.varchar(64, { indexed: true }),
  stable_id: optional.varchar(255, { unique: true }),
  ensembl_gene_id: optional.varchar(64, { unique: true }),
  /** Joined by `|`. */
  ncbi_gene_ids: optional.text({ indexed: true }),
  biotype: optional.varchar(64, { indexed: true }),
  ...ofOrganism("genes"),
}, {
  nameField: "symbol",
  manyToMany: [...labels("Gene", "genes"), inSchemas("Gene", "genes")],
});

export const protein = registry("bionty.Protein", {
  ...term,
  name: optional.varchar(255, { indexed: true }),
  uniprotkb_id: optional.varchar(10, { unique: true }),
  /** Amino acids. */
  length: optional.bigint({ indexed: true }),
  gene_symbol: optional.varchar(255, { indexed: true }),
  ensembl_gene_ids: optional.text(),
  ...ofOrganism("proteins"),
}, { manyToMany: [...labels("Protein", "proteins"), inSchemas("Protein", "proteins")] });

export const cellMarker = registry("bionty.CellMarker", {
  ...term,
  name: varchar(64, { indexed: true }),
  gene_symbol: optional.varchar(64, { indexed: true }),
  ncbi_gene_id: optional.varchar(32, { indexed: true }),
  uniprotkb_id: optional.varchar(10, { indexed: true }),
  ...ofOrganism("cell_markers"),
}, {
  unique: [{ columns: ["name", "organism_id"] }],
  manyToMany: [
    ...labels("CellMarker", "cell_markers"),
    inSchemas("CellMarker", "cell_markers"),
  ],
});

export const molecules = [gene, protein, cellMarker] as const;
