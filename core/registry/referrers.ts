import type { OnDelete } from "../../store/database/table.ts";
import type { Registry } from "./registry.ts";

/** A column of a registry that points to records of another. */
export interface Referrer {
  readonly registry: Registry;
  readonly column: string;
  readonly onDelete: OnDelete;
}

/** All columns that point to a table, by that table. */
export function referrersByTable(
  registries: readonly Registry[],
): ReadonlyMap<string, readonly Referrer[]> {
  const index = new Map<string, Referrer[]>();
  for (const registry of registries) {
    for (const [column, { references }] of Object.entries(registry.columns)) {
      if (references === undefined) continue;
      const known = index.get(references.table) ?? [];
      known.push({ registry, column, onDelete: references.onDelete });
      index.set(references.table, known);
    }
  }
  return index;
}
