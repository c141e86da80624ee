import type { Reader } from "../../../store/database/database.ts";
import { laminChange } from "../../side_tables.ts";

/**
 * Ids, by table, of rows that had come from another instance and went when that was undone: as if
 * they had never been here, so that they may come again.
 */
export async function undoneArrivals(
  reader: Reader,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const found = new Map<string, Set<number>>();
  if (!(await reader.hasTable(laminChange.name))) return found;
  const rows = await reader.all<{ table_name: string; first_id: number }>(
    `SELECT table_name, first_id FROM lamin_change
     WHERE before IS NOT NULL AND after IS NULL AND operation_id IN (
       SELECT reversal.id FROM lamin_operation AS reversal
       JOIN lamin_operation AS arrival ON arrival.id = reversal.undoes_id
       WHERE reversal.undoes_id > 0 AND arrival.verb IN ('clone', 'pull', 'push'))`,
  );
  for (const { table_name, first_id } of rows) {
    const ids = found.get(table_name) ?? new Set();
    found.set(table_name, ids.add(Number(first_id)));
  }
  return found;
}
