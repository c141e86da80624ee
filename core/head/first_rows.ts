import type { Row, TableReader } from "../diff/table_reader.ts";
import type { Beginning } from "../format/format.ts";

/** The first rows of a table; reading ends with them. */
export async function firstRows(table: TableReader, count: number): Promise<Beginning> {
  const rows: Row[] = [];
  if (count > 0) {
    for await (const batch of table.batches()) {
      rows.push(...batch.slice(0, count - rows.length));
      if (rows.length >= count) break;
    }
  }
  return { kind: "rows", columns: table.columns, rows };
}
