import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { partedRoot } from "../instance/remote_root.ts";
import type { Registry } from "../registry/registry.ts";
import { formatBytes } from "../text/quantity.ts";
import { identityCells, originCells } from "./cells.ts";
import { datasetFeatures, hasExternalSlot } from "./dataset_features.ts";
import { entitiesTree } from "./entities.ts";
import { featureTrees } from "./features.ts";
import { headerOf } from "./header.ts";
import { type DescribeScope, nameById } from "./scope.ts";
import { cell, type Line, span, textTree, type Tree } from "./tree.ts";

/** Describes an artifact: what it is, where it lies, its features and its labels. */
export async function describeArtifact(
  scope: DescribeScope,
  registry: Registry,
  row: ArtifactRow,
): Promise<Tree> {
  const { dataset, external } = await featureTrees(scope, registry, row.id, {
    dataset: await datasetFeatures(scope, row.id),
    hasExternalSlot: await hasExternalSlot(scope, row.schema_id),
  });
  return textTree(headerOf(registry, row), [
    { label: { kind: "cells", cells: await cellsOf(scope, row) }, children: [] },
    textTree([pathLine(scope, row)]),
    ...dataset,
    ...external,
    ...await entitiesTree(scope, registry, row.id),
  ]);
}

async function cellsOf(scope: DescribeScope, row: ArtifactRow): Promise<Line[]> {
  const schema = await nameById(scope, "lamindb_schema", row.schema_id);
  const isTyped = Boolean(row.kind) || Boolean(row.otype);
  return [
    ...await identityCells(scope, row),
    ...(isTyped ? [cell("kind", row.kind ?? "None"), cell("otype", row.otype ?? "None")] : []),
    cell("hash", row.hash ?? "None"),
    cell("size", row.size === null ? "None" : formatBytes(row.size)),
    ...await originCells(scope, row),
    ...(row.n_observations ? [cell("n_observations", row.n_observations)] : []),
    ...(row.n_files ? [cell("n_files", row.n_files)] : []),
    ...(schema === undefined ? [] : [cell("schema", schema)]),
  ];
}

function pathLine({ instance }: DescribeScope, row: ArtifactRow): Line {
  const { root, query } = partedRoot(instance.storages.get(row.storage_id)?.root ?? "");
  return [
    span("storage/path: ", "dim"),
    span(root, "name"),
    span("/", "dim"),
    span(storageKeyOf(row)),
    ...(query === "" ? [] : [span(query, "dim")]),
  ];
}
