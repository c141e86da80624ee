import type { Reader, SqlRow } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { Carrier } from "./carrier.ts";
import { TableDigest, type TableSum } from "./table_digest.ts";

/** The query of all rows of a table in the order of their ids. */
export function rowsSql({ table, names }: Carrier, condition = "TRUE"): string {
  return `SELECT ${names.map(quote).join(", ")} FROM ${quote(table.name)} ` +
    `WHERE ${condition} ORDER BY id`;
}

/** Sums up a table. Throws a `ColumnMisfit` for a value that has no canonical form. */
export async function sumOf(
  reader: Reader,
  carrier: Carrier,
  hashing: Hashing,
  onRows: (count: number) => void = () => {},
): Promise<TableSum> {
  const digest = new TableDigest(hashing);
  for await (const row of reader.iterate<SqlRow>(rowsSql(carrier))) {
    digest.add(carrier.canonical(row));
    onRows(1);
  }
  return digest.end();
}
