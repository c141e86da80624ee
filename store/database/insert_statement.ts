import { type ColumnValues, columnValues } from "./column_values.ts";
import type { SqlValue } from "./database.ts";
import { quote } from "./sql.ts";
import type { Table } from "./table.ts";

/** An INSERT with a `?` for each column whose values differ, and those values for each row. */
export interface InsertStatement {
  readonly sql: string;
  readonly values: readonly (readonly SqlValue[])[];
}

/**
 * The statement that inserts rows with every column. Numbers and NULL that all rows have in common
 * stand in the text: of thirty columns of an artifact they are twenty, and handing over a value
 * takes as long as storing it.
 */
export function insertStatement(
  table: Table,
  rows: readonly object[],
  now: string,
): InsertStatement {
  const columns = columnValues(table, rows, now).map((one) => ({
    ...one,
    literal: rows.length < sharedMin ? undefined : literalOf(one),
  }));
  const differing = columns.filter(({ literal }) => literal === undefined);
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const places = columns.map(({ literal }) => literal ?? "?").join(", ");
  return {
    sql: `INSERT INTO ${quote(table.name)} (${names}) VALUES (${places})`,
    values: rows.map((_, index) => differing.map(({ values }) => values[index]!)),
  };
}

/** Below so many rows a statement of their own costs more than it saves. */
const sharedMin = 100;

function literalOf({ values: [first], isShared }: ColumnValues): string | undefined {
  const isPlain = first === null || Number.isSafeInteger(first);
  if (!isPlain || !isShared) return undefined;
  return first === null ? "NULL" : String(first);
}
