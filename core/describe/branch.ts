import { statusName } from "../query/alias.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { creationCells } from "./cells.ts";
import { headerOf } from "./header.ts";
import { type DescribeScope, nameById } from "./scope.ts";
import { cell, textTree, type Tree } from "./tree.ts";

/** Describes a branch. */
export async function describeBranch(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<Tree> {
  const cells = [
    cell("status", statusName(registry, row._status_code as number)),
    cell("space", await nameById(scope, "lamindb_space", row.space_id) ?? "None"),
    ...await creationCells(scope, row),
  ];
  return textTree(headerOf(registry, row), [{ label: { kind: "cells", cells }, children: [] }]);
}
