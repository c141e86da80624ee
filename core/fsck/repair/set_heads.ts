import type { Changes } from "../../operation/changes.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import type { RowOf } from "../../../store/database/table.ts";
import type { Registry } from "../../registry/registry.ts";
import { type BranchRow, byStem, familyRows, newest } from "../../version/family.ts";
import { versionedRegistries } from "../check_heads.ts";
import type { Mend } from "../finding.ts";
import { mendsTo } from "./tidy_notes.ts";

/**
 * Gives families one latest version on each branch, as LaminDB does when it merges branches (COMPAT
 * §5.8): of several the newest stays; where there is none, the newest becomes it, on main if it has
 * any.
 */
export async function setHeads(changes: Changes, mends: readonly Mend[]): Promise<void> {
  const wanted = Map.groupBy(mendsTo(mends, "set heads"), ({ table }) => table);
  for (const registry of versionedRegistries) {
    const stems = wanted.get(registry.name)?.map(({ stem }) => stem) ?? [];
    const uids = stems.map((stem) => `${stem}0000`);
    for (const family of byStem(await familyRows(changes.reader, registry, uids)).values()) {
      await setHeadsOf(changes, registry, family.filter(({ branch_id }) => branch_id > 0));
    }
  }
}

async function setHeadsOf(
  changes: Changes,
  registry: Registry,
  live: readonly BranchRow[],
): Promise<void> {
  const heads = live.filter(({ is_latest }) => is_latest);
  const demoted = [...Map.groupBy(heads, ({ branch_id }) => branch_id).values()]
    .flatMap((several) => several.filter((row) => row !== newest(several)));
  await changes.update(registry, demoted as unknown as RowOf<Registry>[], { is_latest: false });
  if (heads.length > 0) return;
  const onMain = live.filter(({ branch_id }) => branch_id === mainBranch);
  const head = newest(onMain) ?? newest(live);
  if (head !== undefined) {
    await changes.update(registry, [head as unknown as RowOf<Registry>], { is_latest: true });
  }
}
