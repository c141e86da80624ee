import type { RowOf } from "../../store/database/table.ts";
import type { transform } from "../registry/lamindb/transform.ts";
import type { Registry } from "../registry/registry.ts";
import { originCells } from "./cells.ts";
import { headerOf } from "./header.ts";
import type { DescribeScope } from "./scope.ts";
import { textBlock } from "./text_block.ts";
import { cell, textTree, type Tree } from "./tree.ts";

/** Describes a transform, with the beginning of its source code. */
export async function describeTransform(
  scope: DescribeScope,
  registry: Registry,
  row: RowOf<typeof transform>,
): Promise<Tree> {
  const cells = [
    cell("uid", row.uid),
    row.reference ? cell("reference", row.reference) : [],
    cell("hash", row.hash ?? "None"),
    cell("type", row.kind),
    ...await originCells(scope, row),
  ];
  return textTree(headerOf(registry, row), [
    { label: { kind: "cells", cells }, children: [] },
    ...(row.source_code ? [textBlock(row.source_code.trim(), "source_code")] : []),
  ]);
}
