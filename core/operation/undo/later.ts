import type { Reader } from "../../../store/database/database.ts";
import { laminOperation, type OperationRow } from "../../side_tables.ts";
import { keptTables } from "./reversal.ts";

interface Range {
  readonly table_name: string;
  readonly first_id: number;
  readonly last_id: number;
}

/** Operations since `operation` that stand and touched rows that it touched, newest first. */
export async function laterOperations(
  reader: Reader,
  operation: OperationRow,
  undone: ReadonlyMap<number, string>,
): Promise<OperationRow[]> {
  const own = await touchedRanges(reader, operation.id);
  const found = new Set<number>();
  const later = reader.iterate<Range & { operation_id: number }>(
    "SELECT operation_id, table_name, first_id, last_id FROM lamin_change WHERE operation_id > ?",
    [operation.id],
  );
  for await (const range of later) {
    if (found.has(range.operation_id)) continue;
    if (meets(own.get(range.table_name) ?? [], range)) found.add(range.operation_id);
  }
  if (found.size === 0) return [];
  const list = reader.dialect.valuesOf([...found]);
  const rows = await reader.select(
    laminOperation,
    `id IN (${list.sql}) ORDER BY id DESC`,
    list.parameters,
  );
  // One that is undone and the one that undid it come to nothing together.
  return rows.filter(({ id, undoes_id }) =>
    !undone.has(id) && (undoes_id === null || undoes_id < operation.id)
  );
}

/** The rows that an operation touched, by table: ranges in ascending order that do not overlap. */
async function touchedRanges(reader: Reader, operation: number): Promise<Map<string, Range[]>> {
  const rows = await reader.all<Range>(
    `SELECT table_name, first_id, last_id FROM lamin_change
     WHERE operation_id = ? ORDER BY table_name, first_id`,
    [operation],
  );
  const tables = new Map<string, Range[]>();
  for (const row of rows) {
    if (keptTables.has(row.table_name)) continue;
    const ranges = tables.get(row.table_name) ?? [];
    tables.set(row.table_name, ranges);
    const last = ranges.at(-1);
    if (last === undefined || last.last_id < row.first_id) ranges.push(row);
    else if (last.last_id < row.last_id) {
      ranges[ranges.length - 1] = { ...last, last_id: row.last_id };
    }
  }
  return tables;
}

/** Whether a range shares a row with one of some ascending ranges that do not overlap. */
function meets(ranges: readonly Range[], { first_id, last_id }: Range): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.last_id < first_id) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.first_id <= last_id;
}
