import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Table } from "../../../store/database/table.ts";
import { lowered } from "../../../store/database/unique.ts";
import type { MoveFaults } from "./fault.ts";

/**
 * Names that differ by the case of letters alone where that is forbidden: SQLite knows the case of
 * ASCII only, Postgres that of all scripts.
 */
export async function addCaseTwins(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<void> {
  if (reader.dialect.name === "postgres") return;
  for (const { columns, where } of table.unique) {
    const [column] = columns.map(lowered);
    if (columns.length !== 1 || column === undefined || where !== undefined) continue;
    const rows = await reader.all<{ id: number; name: string }>(
      `SELECT id, ${quote(column)} AS name FROM ${quote(table.name)}
       WHERE typeof(${quote(column)}) = 'text' ORDER BY id`,
    );
    const seen = new Map<string, number>();
    for (const { id, name } of rows) {
      const twin = seen.get(name.toLowerCase());
      if (twin === undefined) seen.set(name.toLowerCase(), id);
      else {
        faults.add({
          table: table.name,
          row: id,
          column,
          problem: `is that of row ${twin} but for the case of letters`,
          remedy: "give one of the two another name",
        });
      }
    }
  }
}
