import type { SqlValue } from "./database.ts";
import type { Table } from "./table.ts";
import { valueForInsert } from "./values.ts";

/** A column and its value in each row that is to be inserted. */
export interface ColumnValues {
  readonly name: string;
  readonly values: readonly SqlValue[];
  /** Whether all rows have the same value, as in most columns of artifacts. */
  readonly isShared: boolean;
}

/** What rows are to have in every column of a table; `now` is for columns that note it. */
export function columnValues(
  table: Table,
  rows: readonly object[],
  now: string,
): ColumnValues[] {
  return Object.keys(table.columns).map((name) => valuesOf(table, name, rows, now));
}

/** A value that the row before had as well, as most have, is encoded once. */
function valuesOf(
  table: Table,
  name: string,
  rows: readonly object[],
  now: string,
): ColumnValues {
  const column = table.columns[name]!;
  const values = new Array<SqlValue>(rows.length);
  let given = (rows[0] as Record<string, unknown> | undefined)?.[name];
  let value = valueForInsert(column, given, now);
  let isShared = true;
  for (let row = 0; row < rows.length; row++) {
    const next = (rows[row] as Record<string, unknown>)[name];
    if (next !== given) {
      const encoded = valueForInsert(column, next, now);
      isShared &&= encoded === value;
      given = next;
      value = encoded;
    }
    values[row] = value;
  }
  return { name, values, isShared };
}
