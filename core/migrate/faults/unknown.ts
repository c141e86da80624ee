import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Table } from "../../../store/database/table.ts";
import type { MoveFaults } from "./fault.ts";

const remedy = "'--leave-unknown' leaves it where it is, in the database that is set aside";

/** Tables that hold rows and that nobody here knows, as those of a module of the user's own. */
export async function addUnknownTables(
  reader: Reader,
  present: readonly string[],
  known: ReadonlySet<string>,
  faults: MoveFaults,
): Promise<void> {
  for (const table of present) {
    if (known.has(table)) continue;
    if (await reader.first(`SELECT 1 AS one FROM ${quote(table)} LIMIT 1`) === undefined) continue;
    faults.add({
      table,
      row: null,
      column: null,
      problem: "is a table of no known module",
      remedy,
    });
  }
}

/** Columns with values that nobody here knows. */
export async function addUnknownColumns(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<void> {
  for (const column of await reader.columnsOf(table.name)) {
    if (column in table.columns) continue;
    const sql = `SELECT 1 AS one FROM ${quote(table.name)} WHERE ${
      quote(column)
    } IS NOT NULL LIMIT 1`;
    if (await reader.first(sql) === undefined) continue;
    const problem = "is a column that is not known here";
    faults.add({ table: table.name, row: null, column, problem, remedy });
  }
}

/** Columns that are missing: such a table cannot be carried whole. Gives whether there are any. */
export async function addMissingColumns(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<boolean> {
  const present = new Set(await reader.columnsOf(table.name));
  const missing = Object.keys(table.columns).filter((name) => !present.has(name));
  for (const column of missing) {
    faults.add({
      table: table.name,
      row: null,
      column,
      problem: "is missing",
      remedy: "restore the database from a copy",
    });
  }
  return missing.length > 0;
}
