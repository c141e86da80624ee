import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Table } from "../../../store/database/table.ts";
import type { MoveFaults } from "./fault.ts";

/** Rows that refer to rows which are not there, or which are not carried along. */
export async function addLooseReferences(
  reader: Reader,
  table: Table,
  carried: ReadonlySet<string>,
  faults: MoveFaults,
): Promise<void> {
  for (const [column, { references }] of Object.entries(table.columns)) {
    if (references === undefined) continue;
    const own = quote(column);
    const missing = carried.has(references.table)
      ? `${own} NOT IN (SELECT id FROM ${quote(references.table)})`
      : "TRUE";
    const rows = reader.iterate<{ id: number }>(
      `SELECT id FROM ${quote(table.name)} WHERE ${own} IS NOT NULL AND ${missing} ORDER BY id`,
    );
    for await (const { id } of rows) {
      faults.add({
        table: table.name,
        row: id,
        column,
        problem: `refers to a row of ${references.table} that is not there`,
        remedy: "delete the row, or let it refer to one that is there",
      });
    }
  }
}
