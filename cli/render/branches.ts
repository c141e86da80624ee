import type { BranchRecord } from "../../core/branch/find_branch.ts";
import type { ListedBranch } from "../../core/branch/list_branches.ts";
import { statusName } from "../../core/query/alias.ts";
import { branch } from "../../core/registry/lamindb/branch.ts";
import type { JsonObject, Output } from "../output.ts";
import { rowJson } from "./row_json.ts";
import { renderTable } from "./table.ts";

/** What `--json` prints of a branch. */
export const branchFields = ["status", ...Object.keys(branch.columns)];

/** A branch as `--json` prints it: its fields, and its state by name. */
export function branchJson(row: BranchRecord): JsonObject {
  return { ...rowJson(branch, row), status: statusName(branch, row._status_code) };
}

/** As {@link branchJson}, with whether it is the current one and what lies on it. */
export function listedJson({ row, isCurrent, artifacts, records }: ListedBranch): JsonObject {
  return { ...branchJson(row), is_current: isCurrent, artifacts, records };
}

/** The branches as a table for people; the current one has a star. */
export function renderBranches(
  branches: readonly ListedBranch[],
  { safe, paint, width }: Output,
): string {
  const right = { align: "right" } as const;
  return renderTable(
    [
      { title: "" },
      { title: "name", whole: true },
      { title: "status" },
      { title: "artifacts", ...right },
      { title: "records", ...right },
      { title: "description" },
    ],
    branches.map(({ row, isCurrent, artifacts, records }) => [
      isCurrent ? "*" : "",
      safe(row.name),
      statusName(branch, row._status_code),
      String(artifacts),
      String(records),
      safe(row.description ?? ""),
    ]),
    { width, paint },
  );
}
