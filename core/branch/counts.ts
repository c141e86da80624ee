import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import { hasBranches } from "../version/family.ts";

/**
 * How many records lie on each branch, or by `created_on_id` were made on it: of all registries
 * whose records lie on branches, which are those that a merge moves.
 */
export async function countsByBranch(
  reader: Reader,
  registries: readonly Registry[],
  column: "branch_id" | "created_on_id" = "branch_id",
): Promise<Map<number, Map<Registry, number>>> {
  const counted = registries.filter(hasBranches);
  const rows = await reader.all<{ registry: number; branch: number; records: number }>(
    counted.map(({ name }, index) =>
      `SELECT ${index} AS registry, ${column} AS branch, count(*) AS records FROM ${quote(name)}
       GROUP BY ${column}`
    ).join(" UNION ALL "),
  );
  const found = new Map<number, Map<Registry, number>>();
  for (const { registry, branch, records } of rows) {
    const counts = found.get(Number(branch)) ?? new Map<Registry, number>();
    found.set(Number(branch), counts.set(counted[Number(registry)]!, Number(records)));
  }
  return found;
}
