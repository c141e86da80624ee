import type { SqlRow, SqlValue } from "./database.ts";
import type { Column, RowOf, Table } from "./table.ts";

/** The present as LaminDB writes it in text: UTC, microseconds, no zone. */
export function timestamp(now: Date): string {
  return now.toISOString().replace("T", " ").replace("Z", "000");
}

/** Value of a column as SQLite takes it. */
export function encodeValue(column: Column, value: unknown): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return value;
  }
  throw new TypeError(`a ${column.type} column takes no ${typeof value}`);
}

/** Value of a column as rows hold it: booleans as booleans, everything else as stored. */
export function decodeValue(column: Column, value: SqlValue): unknown {
  if (column.type === "boolean" && value !== null) return value === 1 || value === 1n;
  return value;
}

/**
 * A row of `table` out of what the engine gave. Columns that the definition does not know are left
 * out; columns that the database does not have are null.
 */
export function decodeRow<T extends Table>(table: T, row: SqlRow): RowOf<T> {
  const decoded: Record<string, unknown> = {};
  for (const name in table.columns) {
    decoded[name] = decodeValue(table.columns[name]!, row[name] ?? null);
  }
  return decoded as RowOf<T>;
}

/**
 * The value that an insert passes for a column: the one given, else the default of the definition.
 * Leaving a JSON column to the database would store the text `null` instead of NULL (COMPAT §14.5).
 */
export function valueForInsert(column: Column, given: unknown, now: string): SqlValue {
  if (given !== undefined) return encodeValue(column, given);
  if (column.default === "NOW") return now;
  if (column.default === "JSON_NULL") return column.nullable ? null : "null";
  return encodeValue(column, column.default ?? column.appDefault ?? null);
}
