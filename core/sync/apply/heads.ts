import type { Changes } from "../../operation/changes.ts";
import { type BranchRow, byStem, familyRows, newest } from "../../version/family.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { stemUid } from "../../identity/uid.ts";
import type { SyncPlan } from "../plan/sync_plan.ts";
import type { TablePlan } from "../plan/table_plan.ts";
import type { FamilyPlan } from "../plan/families.ts";
import { identityOfUid } from "../rows/row_hash.ts";
import type { VersionState } from "../rows/row_source.ts";

/**
 * Lets the right versions be the latest ones, where the source knows better or versions came. Both
 * sides' versions stay; where both moved on, the newest version of a branch is its latest. Gives
 * how many families have another latest version.
 */
export async function applyHeads(
  plan: SyncPlan,
  one: TablePlan,
  changes: Changes,
): Promise<number> {
  const { registry } = one.shape;
  const decided = one.families.filter(({ decides }) => decides !== "target");
  let moved = 0;
  for (let start = 0; start < decided.length; start += batchSize) {
    const batch = decided.slice(start, start + batchSize);
    const there = await plan.request.source.rows.versions(
      registry.name,
      batch.map(({ state }) => state.id),
    );
    const uids = [...there.values()].map(([first]) => first!.uid);
    const here = byStem(await familyRows(changes.reader, registry, uids));
    for (const family of batch) {
      const versions = there.get(family.state.id) ?? [];
      if (versions.length === 0) continue;
      const rows = here.get(stemUid(versions[0]!.uid)) ?? [];
      const wanted = headsOf(plan, registry.name, family, versions, rows);
      const raised = rows.filter((row) => wanted.has(row.id) && !row.is_latest);
      const lowered = rows.filter((row) =>
        !wanted.has(row.id) && row.is_latest && row.branch_id !== trashBranch
      );
      if (raised.length + lowered.length > 0 && family.isKnownHere) moved++;
      await changes.update(registry, lowered as never, { is_latest: false } as never);
      await changes.update(registry, raised as never, { is_latest: true } as never);
    }
  }
  return moved;
}

/** Families that are looked at together. */
const batchSize = 500;

/** Ids of the versions that are to be the latest, one on each branch that has any. */
function headsOf(
  { translation }: SyncPlan,
  table: string,
  { decides }: FamilyPlan,
  versions: readonly VersionState[],
  rows: readonly BranchRow[],
): Set<number> {
  const heads = new Set<number>();
  const identityHere = ({ identity }: VersionState) => translation.identity(table, identity);
  const latestThere = new Set(versions.filter(({ isLatest }) => isLatest).map(identityHere));
  const isKnownThere = new Set(versions.map(identityHere));
  const identityOf = ({ uid }: BranchRow) => identityOfUid(uid);
  for (const onBranch of Map.groupBy(rows, ({ branch_id }) => branch_id).values()) {
    const claimed = onBranch.filter((row) => latestThere.has(identityOf(row)));
    const own = onBranch.filter((row) => row.is_latest && !isKnownThere.has(identityOf(row)));
    const others = decides === "source" ? own : onBranch.filter((row) => row.is_latest);
    const candidates = [...new Set([...claimed, ...others])];
    const head = newest(candidates.length > 0 ? candidates : onBranch);
    if (head !== undefined) heads.add(head.id);
  }
  return heads;
}
