import type { Reader } from "../../store/database/database.ts";
import { laminChange } from "../side_tables.ts";

/** The operation that inserted a row, and the unbroken range of rows that it inserted with it. */
export interface Owner {
  readonly operation: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Which operations inserted rows of a table, by row id; rows that Python wrote are left out. What
 * an undo brought back belongs to the operation that made it first.
 */
export async function ownersOf(
  reader: Reader,
  table: string,
  ids: readonly number[],
): Promise<Map<number, Owner>> {
  if (ids.length === 0 || !(await reader.hasTable(laminChange.name))) return new Map();
  const list = reader.dialect.valuesOf(ids);
  // Of ranges that do not overlap, the one with the nearest start has the row, or none has.
  const rows = await reader.all<{ id: number; operation: number; first: number; last: number }>(
    `SELECT asked.id AS id, own.operation_id AS operation, own.first_id AS "first",
       own.last_id AS "last"
     FROM (SELECT list.value AS id, (
         SELECT near.id FROM lamin_change AS near
         WHERE near.table_name = ? AND near.before IS NULL AND near.first_id <= list.value
           AND near.operation_id NOT IN
             (SELECT id FROM lamin_operation WHERE undoes_id > 0)
         ORDER BY near.first_id DESC LIMIT 1
       ) AS change_id FROM (${list.sql}) AS list) AS asked
     JOIN lamin_change AS own ON own.id = asked.change_id AND own.last_id >= asked.id`,
    [table, ...list.parameters],
  );
  return new Map(rows.map(({ id, operation, first, last }) => [id, { operation, first, last }]));
}

/** How many ranges are read at a time. */
const rangesAtOnce = 1000;

/**
 * The id of the first row of the unbroken row of ranges that ends with an owner's, whichever
 * operations inserted them: a large addition notes its rows in pieces.
 */
export async function ownedSince(reader: Reader, table: string, owner: Owner): Promise<number> {
  let { first } = owner;
  for (;;) {
    const ranges = await reader.all<{ first: number; last: number }>(
      `SELECT near.first_id AS "first", near.last_id AS "last" FROM lamin_change AS near
       WHERE near.table_name = ? AND near.before IS NULL AND near.first_id < ?
         AND near.operation_id NOT IN (SELECT id FROM lamin_operation WHERE undoes_id > 0)
       ORDER BY near.first_id DESC LIMIT ${rangesAtOnce}`,
      [table, first],
    );
    for (const range of ranges) {
      if (range.last < first - 1) return first;
      first = range.first;
    }
    if (ranges.length < rangesAtOnce) return first;
  }
}
