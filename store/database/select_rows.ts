import type { Reader, SqlValue } from "./database.ts";
import { quote } from "./sql.ts";
import type { RowOf, Table } from "./table.ts";
import { decodeRow } from "./values.ts";

/** `Reader.select` in terms of `all`, which is all that the engines differ in. */
export async function selectRows<T extends Table>(
  reader: Pick<Reader, "all">,
  table: T,
  condition: string,
  parameters: readonly SqlValue[],
): Promise<RowOf<T>[]> {
  // All columns, since a database of another version may lack some that the definition has.
  const sql = `SELECT * FROM ${quote(table.name)} WHERE ${condition}`;
  return (await reader.all(sql, parameters)).map((row) => decodeRow(table, row));
}
