import { type ColumnValues, columnValues } from "../column_values.ts";
import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import { typeOf } from "./type_names.ts";
import type { Connection } from "./connection.ts";
import { copyRows } from "./copy.ts";
import { moveIdsOn, type RowIds } from "./row_ids.ts";
import { arrayLiteral } from "./values.ts";

/** From so many rows on, `COPY` is faster than an INSERT of arrays. */
const copyMin = 500;

/** Inserts rows with every column, in one round trip where ids are left to the server. */
export async function insertRows(
  connection: Connection,
  rowIds: RowIds,
  table: Table,
  rows: readonly object[],
  now: string,
): Promise<number[]> {
  if (rows.length === 0) return [];
  const columns = columnValues(table, rows, now);
  const given = columns.find(({ name }) => name === "id")!.values;
  const isGiven = given.some((id) => id !== null);
  if (!isGiven && rows.length < copyMin) {
    return await insertNew(connection, table, columns.filter(({ name }) => name !== "id"));
  }
  if (isGiven) await moveIdsOn(connection, table, given);
  const ids = await completeIds(rowIds, table, given);
  const complete = columns.map((one) =>
    one.name === "id" ? { ...one, values: ids, isShared: false } : one
  );
  if (rows.length < copyMin) await insertNew(connection, table, complete);
  else await copyRows(connection, table, complete.filter((one) => isTold(table, one)));
  return ids;
}

/** Columns of NULLs need not be told, unless something else would come there. */
function isTold({ columns }: Table, { name, values, isShared }: ColumnValues): boolean {
  return columns[name]!.default !== undefined || !isShared || values[0] !== null;
}

async function insertNew(
  connection: Connection,
  table: Table,
  columns: readonly ColumnValues[],
): Promise<number[]> {
  const places = columns.map(({ name }, index) => `c${index}::${typeOf(table.columns[name]!)}`);
  const sql = `INSERT INTO ${quote(table.name)} (${columns.map(({ name }) => quote(name))}) ` +
    `SELECT ${places} FROM unnest(${columns.map(() => "?::text[]")}) ` +
    `WITH ORDINALITY AS given(${columns.map((_, index) => `c${index}`)}, place) ` +
    `ORDER BY place RETURNING id`;
  const { rows } = await connection.run(sql, columns.map(({ values }) => arrayLiteral(values)));
  return rows.map((row) => Number(row["id"]));
}

/** The ids that are given, and new ones for rows without. */
async function completeIds(
  rowIds: RowIds,
  table: Table,
  given: readonly SqlValue[],
): Promise<number[]> {
  const lacking = given.filter((id) => id === null).length;
  const reserved = await rowIds.take(table, lacking);
  let next = 0;
  return given.map((id) => id === null ? reserved[next++]! : Number(id));
}
