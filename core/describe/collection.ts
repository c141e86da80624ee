import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { identityCells, originCells } from "./cells.ts";
import { headerOf } from "./header.ts";
import type { DescribeScope } from "./scope.ts";
import { textTree, type Tree } from "./tree.ts";

/** Describes a collection. */
export async function describeCollection(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<Tree> {
  const cells = [...await identityCells(scope, row), ...await originCells(scope, row)];
  return textTree(headerOf(registry, row), [{ label: { kind: "cells", cells }, children: [] }]);
}
