import type { Registry } from "../../core/registry/registry.ts";
import {
  artifactTerm,
  pathwayGenes,
  recordTerm,
  schemaTerm,
  sourceArtifacts,
  termParents,
} from "./links.ts";
import { molecules } from "./molecules.ts";
import { ontologies } from "./ontologies.ts";
import { source } from "./source.ts";

const terms: readonly Registry[] = [...ontologies, ...molecules];

/** `CellType` as relations name it: `cell_type`. */
const words = (model: string) => model.replace(/\B[A-Z]/g, "_$&").toLowerCase();

/** Every table of Python's module `bionty`, the tables that link others last. */
export const biontyRegistries: readonly Registry[] = [
  source,
  ...terms,
  ...ontologies.map(({ model }) => termParents(model)),
  pathwayGenes,
  sourceArtifacts,
  ...terms.map(({ model }) => artifactTerm(model, words(model))),
  ...terms.map(({ model }) => recordTerm(model, words(model))),
  ...["Gene", "Protein", "CellMarker", "Pathway"].map(schemaTerm),
];
