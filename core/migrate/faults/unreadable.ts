import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Column, Table } from "../../../store/database/table.ts";
import type { MoveFaults } from "./fault.ts";

interface Kind {
  /** What is true of such a value of the column; first what is quick to see. */
  isIn(column: string): string;
  readonly problem: string;
  readonly remedy: string;
}

/** It would end the reading of rows. */
const tooLarge: Kind = {
  isIn: (column) =>
    `(${column} NOT BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER} ` +
    `AND typeof(${column}) = 'integer')`,
  problem: "is larger than any number can be here",
  remedy: "give it a whole number below 2^53",
};

/** It would be read up to there. */
const hasNul: Kind = {
  isIn: (column) => `(instr(${column}, char(0)) > 0 AND typeof(${column}) = 'text')`,
  problem: "has a NUL character",
  remedy: "take it out",
};

/** SQLite makes texts of numbers in columns for texts; a text elsewhere is a fault in any case. */
function kindsOf({ type }: Column): readonly Kind[] {
  if (type === "text" || type === "varchar" || type === "json") return [hasNul];
  return type === "datetime" || type === "date" ? [tooLarge, hasNul] : [tooLarge];
}

/**
 * Names the values of SQLite that cannot be read as they are: only the engine sees what they are.
 * Of each row the first. Gives how many rows have one.
 */
export async function addUnreadable(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<number> {
  const places = placesOf(table);
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

/** What is true of rows that can be read. */
export function readableSql(table: Table): string {
  const conditions = placesOf(table).map(({ column, kind }) => kind.isIn(quote(column)));
  return `((${conditions.join(" OR ")}) IS NOT TRUE)`;
}

function placesOf({ columns }: Table): { readonly column: string; readonly kind: Kind }[] {
  return Object.entries(columns).flatMap(([column, definition]) =>
    kindsOf(definition).map((kind) => ({ column, kind }))
  );
}
