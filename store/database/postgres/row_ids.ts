import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";

/** The sequence behind the ids of a table, as SQL; what is named by a parameter is its table. */
const sequence = "pg_get_serial_sequence(?, 'id')";

/** Takes so many ids that no other row will get; unbroken ranges go as two numbers. */
export async function reserveIds(
  connection: Connection,
  table: Table,
  count: number,
): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await connection.run(
    // OFFSET keeps the sequence from being looked up for each id.
    `SELECT min(id) AS first, max(id) AS last FROM (
       SELECT id, id - row_number() OVER (ORDER BY id) AS start FROM (
         SELECT nextval(sequence_) AS id
         FROM (SELECT ${sequence}::regclass AS sequence_ OFFSET 0) AS one,
           generate_series(1, ?::integer)
       ) AS taken
     ) AS numbered GROUP BY start ORDER BY start`,
    [quote(table.name), count],
  );
  return rows.flatMap(({ first, last }) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, nth) => Number(first) + nth)
  );
}

/** Lets new ids begin after those that were given. */
export async function moveIdsOn(
  connection: Connection,
  table: Table,
  given: readonly SqlValue[],
): Promise<void> {
  const highest = given.reduce<number>(
    (high, id) => id === null ? high : Math.max(high, Number(id)),
    0,
  );
  await connection.run(
    `SELECT setval(sequence_, ?::bigint) FROM (SELECT ${sequence}::regclass AS sequence_) AS one
     WHERE ?::bigint > COALESCE(pg_sequence_last_value(sequence_), 0)`,
    [highest, quote(table.name), highest],
  );
}
