import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { branchId } from "../instance/user.ts";
import { loggedRow } from "../operation/net_change.ts";
import { statusesOf } from "../query/alias.ts";
import { branch } from "../registry/lamindb/branch.ts";
import type { Registry } from "../registry/registry.ts";
import { laminChange } from "../side_tables.ts";
import { mainBranch, trashBranch } from "../version/branch_ids.ts";
import type { BranchRow } from "../version/family.ts";

/** The branches that records of the trash go back to. */
export interface Destinations {
  readonly branchOf: (row: { readonly id: number }) => number;
  /** Those that go to main because nobody knows better, and that were made on another branch. */
  readonly unsure: readonly BranchRow[];
}

/**
 * Where records in the trash go back to: to the branch that is named, else each to the one that it
 * was removed from, and to main, as in LaminDB, where the operation log does not tell. Throws code
 * "not_found", "usage" for the trash.
 */
export async function destinations(
  reader: Reader,
  registry: Registry,
  rows: readonly BranchRow[],
  named: string | undefined,
): Promise<Destinations> {
  if (named !== undefined) {
    const id = await branchId(reader, named);
    if (id === trashBranch) throw new LaminError("usage", "the trash is no branch to restore to");
    return { branchOf: () => id, unsure: [] };
  }
  const former = await formerBranches(reader, registry, rows);
  return {
    branchOf: ({ id }) => former.get(id) ?? mainBranch,
    unsure: rows.filter((row) => !former.has(row.id) && row["created_on_id"] !== mainBranch),
  };
}

/**
 * On which branch records lay before they went to the trash, by id, as far as the operation log
 * tells: what Python removed left no trace. Main stands for a branch that is merged or gone, since
 * what lay there is on main by now, or on a branch that nobody remembers.
 */
async function formerBranches(
  reader: Reader,
  registry: Registry,
  rows: readonly BranchRow[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  if (rows.length === 0 || !(await reader.hasTable(laminChange.name))) return found;
  const list = reader.dialect.valuesOf(rows.map(({ id }) => id));
  const changes = reader.iterate<{ id: number; before: string; after: string }>(
    `SELECT first_id AS id, before, after FROM lamin_change
     WHERE table_name = ? AND first_id IN (${list.sql})
       AND before IS NOT NULL AND after IS NOT NULL ORDER BY lamin_change.id`,
    [registry.name, ...list.parameters],
  );
  for await (const { id, before, after } of changes) {
    const to = loggedRow(after)["branch_id"];
    if (to === trashBranch) found.set(Number(id), Number(loggedRow(before)["branch_id"]));
    else if (to !== undefined) found.delete(Number(id));
  }
  const merged = statusesOf(branch)!["merged"]!;
  const open = new Set(
    (await reader.select(branch, "_status_code <> ?", [merged])).map(({ id }) => id),
  );
  for (const [id, was] of found) if (!open.has(was)) found.set(id, mainBranch);
  return found;
}
