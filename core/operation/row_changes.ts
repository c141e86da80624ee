import type { Reader } from "../../store/database/database.ts";
import type { Registry } from "../registry/registry.ts";
import { laminChange, type OperationRow, ownTables } from "../side_tables.ts";
import { type LoggedRow, netChange } from "./net_change.ts";

/** What an operation did to one row. */
export interface RowChangeShown {
  readonly table: string;
  /** Undefined when the table belongs to a module that is not plugged in. */
  readonly registry: Registry | undefined;
  readonly id: number;
  readonly kind: "added" | "changed" | "deleted";
  /** The row as it is now, or was when it was deleted; undefined when it was deleted since. */
  readonly row: LoggedRow | undefined;
  /** Fields that were set, with their values before and after; empty unless `changed`. */
  readonly fields: readonly {
    readonly name: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

/** What an operation did, row by row, LaminDB's tables before our own. */
export async function rowChanges(
  reader: Reader,
  operation: OperationRow,
  registries: readonly Registry[],
): Promise<RowChangeShown[]> {
  const rows = await reader.select(laminChange, "operation_id = ? ORDER BY id", [operation.id]);
  const byTable = new Map(
    [...registries, ...ownTables].map((registry): [string, Registry] => [registry.name, registry]),
  );
  const shown: RowChangeShown[] = [];
  const isOurs = (table: string) => table.startsWith("lamin_") ? 1 : 0;
  const tables = [...netChange(rows)].sort(([a], [b]) => isOurs(a) - isOurs(b));
  for (const [table, { appeared, changed, vanished }] of tables) {
    const registry = byTable.get(table);
    const present = await rowsById(reader, registry, [...appeared, ...changed.keys()]);
    const one = { table, registry, fields: [] };
    for (const id of appeared) shown.push({ ...one, id, kind: "added", row: present.get(id) });
    for (const { id, before, after } of changed.values()) {
      const fields = Object.keys(after)
        .map((name) => ({ name, before: before[name], after: after[name] }));
      shown.push({ ...one, id, kind: "changed", row: present.get(id), fields });
    }
    for (const [id, row] of vanished) shown.push({ ...one, id, kind: "deleted", row });
  }
  return shown;
}

async function rowsById(
  reader: Reader,
  registry: Registry | undefined,
  ids: readonly number[],
): Promise<Map<number, LoggedRow>> {
  if (registry === undefined || ids.length === 0) return new Map();
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.select(registry, `id IN (${list.sql})`, list.parameters);
  return new Map(rows.map((row) => [row["id"] as number, row]));
}
