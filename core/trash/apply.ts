import type { RowOf } from "../../store/database/table.ts";
import type { Changes } from "../operation/changes.ts";
import type { Registry } from "../registry/registry.ts";
import type { RowChange } from "../version/heads.ts";

/** Writes changes of rows, those with the same values together. */
export async function applyRowChanges(
  changes: Changes,
  registry: Registry,
  rowChanges: readonly RowChange[],
): Promise<void> {
  const groups = Map.groupBy(rowChanges, ({ values }) => JSON.stringify(values));
  for (const group of groups.values()) {
    const rows = group.map(({ row }) => row as RowOf<Registry>);
    await changes.update(registry, rows, group[0]!.values);
  }
}
