import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Table } from "../../../store/database/table.ts";
import type { MoveFaults } from "./fault.ts";

/** Values of SQLite that cannot be read as they are: only the engine itself sees what they are. */
const kinds = [
  {
    // It would end the reading of rows.
    isIn: (column: string) =>
      `typeof(${column}) = 'integer' AND ${column} NOT BETWEEN ` +
      `${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`,
    problem: "is larger than any number can be here",
    remedy: "give it a whole number below 2^53",
  },
  {
    // It would be read up to there.
    isIn: (column: string) => `typeof(${column}) = 'text' AND instr(${column}, char(0)) > 0`,
    problem: "has a NUL character",
    remedy: "take it out",
  },
] as const;

/** What is true of rows that can be read. */
export function readableSql({ columns }: Table): string {
  const conditions = Object.keys(columns).flatMap((name) =>
    kinds.map(({ isIn }) => `(${isIn(quote(name))})`)
  );
  return `NOT (${conditions.join(" OR ")})`;
}

/** Names the first such value of each row; gives how many rows have one. */
export async function addUnreadable(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<number> {
  const places = Object.keys(table.columns).flatMap((column) =>
    kinds.map((kind) => ({ column, kind }))
  );
  const which = places.map(({ column, kind }, index) =>
    `WHEN ${kind.isIn(quote(column))} THEN ${index}`
  );
  const found = reader.iterate<{ row: string; place: number }>(
    `SELECT CAST(rowid AS TEXT) AS "row", CASE ${which.join(" ")} END AS place
     FROM ${quote(table.name)} WHERE NOT ${readableSql(table)} ORDER BY rowid`,
  );
  let rows = 0;
  for await (const { row, place } of found) {
    rows++;
    const { column, kind: { problem, remedy } } = places[place]!;
    faults.add({ table: table.name, row: Number(row), column, problem, remedy });
  }
  return rows;
}
