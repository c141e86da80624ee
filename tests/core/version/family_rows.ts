import type { BranchRow } from "../../../core/version/family.ts";

/** What the uids of the family begin with. */
export const stem = "abcdabcdabcdabcd";

/** Versions 0, 1, 2 … of one family on branches; those in `heads` are the latest of theirs. */
export function family(branches: readonly number[], heads: readonly number[]): BranchRow[] {
  return branches.map((branch_id, index) => ({
    id: index + 1,
    uid: `${stem}000${index}`,
    branch_id,
    created_at: `2026-01-0${index + 1} 00:00:00.000000`,
    is_latest: heads.includes(index),
  }));
}
