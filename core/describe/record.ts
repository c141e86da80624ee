import type { RowOf } from "../../store/database/table.ts";
import type { record } from "../registry/lamindb/record.ts";
import type { Registry } from "../registry/registry.ts";
import { identityCells, originCells } from "./cells.ts";
import { derivedValues } from "./derived_features.ts";
import { featureTrees } from "./features.ts";
import { headerOf } from "./header.ts";
import { type DescribeScope, rowById } from "./scope.ts";
import { cell, textTree, type Tree } from "./tree.ts";

export type RecordRow = RowOf<typeof record>;

/** Describes a record, with the values of its features. */
export async function describeRecord(
  scope: DescribeScope,
  registry: Registry,
  row: RecordRow,
): Promise<Tree> {
  const nameIn = async (table: string, id: unknown) =>
    (await rowById(scope, table, id))?.name ?? "";
  const { external } = await featureTrees(scope, registry, row.id, {
    derived: await derivedValues(scope, registry, row),
  });
  const cells = [
    ...await identityCells(scope, row),
    cell("type", await nameIn("lamindb_record", row.type_id)),
    cell("is_type", row.is_type ? "True" : "False"),
    cell("schema", await nameIn("lamindb_schema", row.schema_id)),
    cell("reference", row.reference ?? ""),
    ...await originCells(scope, row),
  ];
  return textTree(headerOf(registry, row), [
    { label: { kind: "cells", cells }, children: [] },
    ...external,
  ]);
}
