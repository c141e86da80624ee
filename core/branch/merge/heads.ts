import type { Registry } from "../../registry/registry.ts";
import { type BranchRow, byStem, isNewer, newest } from "../../version/family.ts";
import type { RowChange } from "../../version/heads.ts";

/** The latest version of a family on the target, before a merge and after it. */
export interface MovedHead {
  readonly registry: Registry;
  /** Undefined where the target had none of the family. */
  readonly from: BranchRow | undefined;
  readonly to: BranchRow;
}

/** A family that went on on both branches, so that one of its two latest versions gives way. */
export interface HeadConflict {
  readonly registry: Registry;
  /** The latest version on the target. */
  readonly into: BranchRow;
  /** The latest version on the branch that is merged. */
  readonly from: BranchRow;
  /** The newer one of the two, which is the latest version afterwards. */
  readonly kept: BranchRow;
}

/** What a merge does to the latest versions of a registry. */
export interface MergedHeads {
  readonly demoted: readonly RowChange[];
  readonly moved: readonly MovedHead[];
  readonly conflicts: readonly HeadConflict[];
}

/**
 * Which versions are the latest ones when records come to a branch by a merge, as LaminDB decides
 * it: of the latest versions on both, the newest by time of creation (COMPAT §5.8). `family` are
 * all versions of the families that `coming` belong to. It is a conflict where the target went on
 * since the branch began with the family; otherwise the branch is merely ahead.
 */
export function mergedHeads(
  registry: Registry,
  coming: readonly BranchRow[],
  family: readonly BranchRow[],
  target: number,
): MergedHeads {
  const families = byStem(family);
  const demoted: RowChange[] = [];
  const moved: MovedHead[] = [];
  const conflicts: HeadConflict[] = [];
  for (const [stem, own] of byStem(coming)) {
    const there = (families.get(stem) ?? []).filter(({ branch_id }) => branch_id === target);
    const into = newest(there.filter((row) => row.is_latest));
    const from = newest(own.filter((row) => row.is_latest));
    const kept = newest([into, from].filter((row) => row !== undefined));
    if (kept === undefined) continue;
    for (const row of [...there, ...own]) {
      if (row.is_latest && row.id !== kept.id) demoted.push({ row, values: { is_latest: false } });
    }
    if (kept !== into) moved.push({ registry, from: into, to: kept });
    if (into === undefined || from === undefined) continue;
    const first = own.reduce((oldest, row) => isNewer(oldest, row) ? row : oldest);
    const wentOn = there.some((row) => isNewer(row, first));
    if (wentOn) conflicts.push({ registry, into, from, kept });
  }
  return { demoted, moved, conflicts };
}
