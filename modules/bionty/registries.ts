import type { Registry } from "../../core/registry/registry.ts";
import { snakeCase } from "../../core/registry/words.ts";
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

const [organism, ...others] = ontologies;

/** In Python's order, which is the order of labels of artifacts too. */
const terms: readonly Registry[] = [organism, ...molecules, ...others];

/** Every table of Python's module `bionty`, the tables that link others last. */
export const biontyRegistries: readonly Registry[] = [
  source,
  ...terms,
  ...ontologies.map(({ model }) => termParents(model)),
  pathwayGenes,
  sourceArtifacts,
  ...terms.map(({ model }) => artifactTerm(model, snakeCase(model))),
  ...terms.map(({ model }) => recordTerm(model, snakeCase(model))),
  ...["Gene", "Protein", "CellMarker", "Pathway"].map(schemaTerm),
];
