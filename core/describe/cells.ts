import type { AnyRow } from "../query/query.ts";
import { type DescribeScope, nameById, rowById } from "./scope.ts";
import { cell, type Line, span } from "./tree.ts";

/** `2026-11-24 13:45:30 UTC`, or `none` where there is no time. */
export function timeText(time: unknown, none = "None"): string {
  return typeof time === "string" ? `${time.slice(0, 19)} UTC` : none;
}

/** The cells `uid` and, where a run made the record, `run`. */
export async function identityCells(scope: DescribeScope, row: AnyRow): Promise<Line[]> {
  const title = await runTitle(scope, row.run_id);
  return [
    cell("uid", row.uid),
    ...(title === undefined ? [] : [[span("run: ", "dim"), ...title]]),
  ];
}

/** The name or the start of the uid of a run, and its transform: `EFwAcEB (upload by hand)`. */
export async function runTitle(scope: DescribeScope, id: unknown): Promise<Line | undefined> {
  const run = await rowById(scope, "lamindb_run", id);
  if (run === undefined) return undefined;
  return titleOfRun(run, await nameById(scope, "lamindb_transform", run.transform_id));
}

/** As {@link runTitle}, of a run's row. */
export function titleOfRun(run: AnyRow, transformKey: string | undefined): Line {
  return [
    span(typeof run.name === "string" ? run.name : String(run.uid).slice(0, 7), "name"),
    span(" (", "dim"),
    span(transformKey ?? "", "name"),
    span(")", "dim"),
  ];
}

/** The cells `branch`, `space`, `created_at`, `created_by`. */
export async function originCells(scope: DescribeScope, row: AnyRow): Promise<Line[]> {
  return [
    cell("branch", await nameById(scope, "lamindb_branch", row.branch_id) ?? "None"),
    cell("space", await nameById(scope, "lamindb_space", row.space_id) ?? "None"),
    ...await creationCells(scope, row),
  ];
}

/** The cells `created_at`, `created_by`. */
export async function creationCells(scope: DescribeScope, row: AnyRow): Promise<Line[]> {
  return [
    cell("created_at", timeText(row.created_at)),
    cell("created_by", await nameById(scope, "lamindb_user", row.created_by_id) ?? "None"),
  ];
}
