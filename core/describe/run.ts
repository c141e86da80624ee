import type { RowOf } from "../../store/database/table.ts";
import { parseJson } from "../python/parse_json.ts";
import { pythonStr } from "../python/str.ts";
import { isPythonDict, type PythonValue } from "../python/value.ts";
import { statusName } from "../query/alias.ts";
import type { run } from "../registry/lamindb/run.ts";
import type { Registry } from "../registry/registry.ts";
import { originCells, timeText, titleOfRun } from "./cells.ts";
import { featureTrees } from "./features.ts";
import { versionOf } from "./header.ts";
import { runFile } from "./run_file.ts";
import { type DescribeScope, rowById } from "./scope.ts";
import { textBlock } from "./text_block.ts";
import { cell, type Line, span, textTree, type Tree } from "./tree.ts";

type RunRow = RowOf<typeof run>;

/** How many lines of a run's texts are shown. */
const maxLines = 4;

/**
 * Describes a run: when, how it ended, the beginnings of its log and environment, its parameters.
 */
export async function describeRun(
  scope: DescribeScope,
  registry: Registry,
  row: RunRow,
): Promise<Tree> {
  const transform = await rowById(scope, "lamindb_transform", row.transform_id);
  const key = typeof transform?.key === "string" ? transform.key : "";
  const { external } = await featureTrees(scope, registry, row.id);
  const cells: Line[] = [
    cell("uid", row.uid),
    [
      span("transform: ", "dim"),
      span(key, "name"),
      span(transform === undefined ? "" : ` (${versionOf(transform)})`, "dim"),
    ],
    cell("started_at", timeText(row.started_at, "")),
    cell("finished_at", timeText(row.finished_at, "")),
    cell("status", statusName(registry, row._status_code)),
    row.reference ? cell("reference", row.reference) : [],
    ...await originCells(scope, row),
  ];
  return textTree([[span(`${registry.model}: `, "kind"), ...titleOfRun(row, key)]], [
    { label: { kind: "cells", cells }, children: [] },
    ...(row.cli_args ? [textBlock(row.cli_args.trim(), "cli_args", { maxLines })] : []),
    ...await runFile(scope, row.report_id, "report"),
    ...await runFile(scope, row.environment_id, "environment"),
    ...paramsTree(row.params),
    ...external,
  ]);
}

function paramsTree(json: string | null): Tree[] {
  const params = json === null ? null : valueOf(json);
  if (params === null || !isPythonDict(params) || params.size === 0) return [];
  return [
    textTree(
      [[span("Params", "external")]],
      [...params].map(([key, value]) => textTree([[span(`${key}: ${pythonStr(value)}`)]])),
    ),
  ];
}

function valueOf(json: string): PythonValue {
  try {
    return parseJson(json);
  } catch {
    return null;
  }
}
