import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate, type OperationName } from "../../operation/mutate.ts";
import { statusesOf } from "../../query/alias.ts";
import { branch } from "../../registry/lamindb/branch.ts";
import type { Registry } from "../../registry/registry.ts";
import { applyRowChanges } from "../../trash/apply.ts";
import { currentBranch } from "../current_branch.ts";
import { type BranchRecord, findBranch } from "../find_branch.ts";
import { requireOwn, requireWorkedOn } from "../standing.ts";
import { type MergePlan, planMerge } from "./plan.ts";

export interface MergeRequest {
  readonly operation: OperationName;
  /** Name or uid of the branch that is merged. */
  readonly from: string;
  /** Name or uid of the one that its records go to; the current one unless given. */
  readonly into?: string;
  readonly dryRun: boolean;
  /** Of LaminDB and all modules. */
  readonly registries: readonly Registry[];
}

export interface Merged extends MergePlan {
  readonly operation: string | undefined;
}

/**
 * Moves all records of a branch to another one, as LaminDB's merge does (COMPAT §5.8): each family
 * keeps one latest version there, the newest, and the branch gets the status `merged`. One
 * operation, which `undo` reverses.
 *
 * Throws code "not_found", or "usage" for a branch that cannot be merged or into itself.
 */
export async function merge(instance: Instance, request: MergeRequest): Promise<Merged> {
  const plan = async (reader: Reader) => {
    const { from, into } = await sidesOf(instance, reader, request);
    return await planMerge(reader, from, into, request.registries);
  };
  if (request.dryRun) return { ...await instance.database.read(plan), operation: undefined };
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const planned = await plan(changes.reader);
    await apply(changes, planned);
    return { result: planned, summary: summaryOf(planned) };
  });
  return { ...result, operation };
}

async function sidesOf(
  instance: Instance,
  reader: Reader,
  request: MergeRequest,
): Promise<{ from: BranchRecord; into: BranchRecord }> {
  const from = await findBranch(reader, request.from);
  requireOwn(from, "merged into another branch");
  const into = request.into === undefined
    ? await currentBranch(instance, reader)
    : await findBranch(reader, request.into);
  requireWorkedOn(into);
  if (from.id !== into.id) return { from, into };
  throw new LaminError("usage", `${from.name} cannot be merged into itself`, {
    hint: request.into === undefined
      ? `it is the current branch: 'lamin merge ${from.name} --into main', or switch first`
      : "name two branches",
    data: { branch: from.name },
  });
}

async function apply(changes: Changes, { from, into, tables }: MergePlan): Promise<void> {
  for (const { registry, rows, demoted } of tables) {
    const lost = new Set(demoted.map(({ row }) => row.id));
    await applyRowChanges(changes, registry, [
      ...rows.map((row) => ({
        row,
        values: { branch_id: into.id, ...(lost.delete(row.id) ? { is_latest: false } : {}) },
      })),
      ...demoted.filter(({ row }) => lost.has(row.id)),
    ]);
  }
  await changes.update(branch, [from], { _status_code: statusesOf(branch)!["merged"]! });
}

function summaryOf({ from, into, tables, heads, headConflicts }: MergePlan): string {
  const records = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  const conflicts = headConflicts.length === 0 ? "" : `, ${headConflicts.length} in conflict`;
  return `${from.name} into ${into.name}: ${records} ${records === 1 ? "record" : "records"}, ` +
    `${heads.length} new latest${conflicts}`;
}
