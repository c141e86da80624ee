import type { Reader } from "../../../store/database/database.ts";
import type { Registry } from "../../registry/registry.ts";
import { type BranchRow, branchRows, familyRows, hasVersions } from "../../version/family.ts";
import type { RowChange } from "../../version/heads.ts";
import { countsByBranch } from "../counts.ts";
import type { BranchRecord } from "../find_branch.ts";
import { type HeadConflict, type MergedHeads, mergedHeads, type MovedHead } from "./heads.ts";
import { type KeyConflict, keyConflicts } from "./keys.ts";

/** The records of one registry that a merge moves. */
export interface MergedTable {
  readonly registry: Registry;
  readonly rows: readonly BranchRow[];
  /** Versions that are no longer the latest. */
  readonly demoted: readonly RowChange[];
}

/** What a merge comes to. */
export interface MergePlan {
  readonly from: BranchRecord;
  readonly into: BranchRecord;
  /** Registries of which there is anything to move. */
  readonly tables: readonly MergedTable[];
  readonly heads: readonly MovedHead[];
  readonly headConflicts: readonly HeadConflict[];
  readonly keyConflicts: readonly KeyConflict[];
}

/**
 * What merging one branch into another comes to: every record that lies on it moves, artifacts as
 * well as runs, labels, features and the texts about them. What was made on it and went to the
 * trash or the archive since stays there, and `created_on` stays as it is, as in LaminDB.
 */
export async function planMerge(
  reader: Reader,
  from: BranchRecord,
  into: BranchRecord,
  registries: readonly Registry[],
): Promise<MergePlan> {
  const filled = (await countsByBranch(reader, registries)).get(from.id)?.keys() ?? [];
  const tables: MergedTable[] = [];
  const heads: MergedHeads[] = [];
  const keys: KeyConflict[] = [];
  for (const registry of filled) {
    const rows = await branchRows(reader, registry, "branch_id = ? ORDER BY id", [from.id]);
    const own = hasVersions(registry)
      ? mergedHeads(registry, rows, await familiesOf(reader, registry, rows), into.id)
      : undefined;
    if (own !== undefined) {
      heads.push(own);
      keys.push(...await keyConflicts(reader, registry, rows, into.id));
    }
    tables.push({ registry, rows, demoted: own?.demoted ?? [] });
  }
  return {
    from,
    into,
    tables,
    heads: heads.flatMap(({ moved }) => moved),
    headConflicts: heads.flatMap(({ conflicts }) => conflicts),
    keyConflicts: keys,
  };
}

async function familiesOf(
  reader: Reader,
  registry: Registry,
  rows: readonly BranchRow[],
): Promise<BranchRow[]> {
  return await familyRows(reader, registry, rows.map(({ uid }) => uid));
}
