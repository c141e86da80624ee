import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";

/** The sequence behind the ids of a table, as SQL; what is named by a parameter is its table. */
const sequence = "pg_get_serial_sequence(?, 'id')";

/** Ids that follow each other. */
interface Range {
  next: number;
  readonly last: number;
}

/** New ids of tables, from the sequences that others take theirs from as well. */
export class RowIds {
  /** Of tables that get many rows, how many; and what is left of the ids that were taken so. */
  readonly #expected = new Map<string, number>();
  readonly #reserved = new Map<string, Range>();

  constructor(private readonly connection: Connection) {}

  /**
   * Lets ids of tables that nobody else can insert into be taken for so many rows at once while
   * `work` goes on: to ask in between would wait for all rows that are under way, and to ask for
   * each takes a server a second a million. What is left of them no row ever gets.
   */
  async expecting<T>(
    tables: readonly Table[],
    count: number,
    work: () => Promise<T>,
  ): Promise<T> {
    for (const { name } of tables) this.#expected.set(name, count);
    try {
      return await work();
    } finally {
      this.#expected.clear();
      this.#reserved.clear();
    }
  }

  /** Takes so many ids that no other row will get. */
  async take(table: Table, count: number): Promise<number[]> {
    if (count === 0) return [];
    const expected = this.#expected.get(table.name) ?? 0;
    if (expected >= count) await this.#reserve(table, expected);
    const range = this.#reserved.get(table.name);
    if (range === undefined || range.last - range.next + 1 < count) {
      return await takeOneByOne(this.connection, table, count);
    }
    const first = range.next;
    range.next += count;
    return Array.from({ length: count }, (_, nth) => first + nth);
  }

  async #reserve({ name }: Table, count: number): Promise<void> {
    this.#expected.delete(name);
    const { rows: [row] } = await this.connection.run(
      `SELECT setval(sequence_, nextval(sequence_) + ?::bigint - 1) AS last
       FROM (SELECT ${sequence}::regclass AS sequence_) AS one`,
      [count, quote(name)],
    );
    const last = Number(row!["last"]);
    this.#reserved.set(name, { next: last - count + 1, last });
  }
}

/** Asks for each id; unbroken ranges come as two numbers. */
async function takeOneByOne(
  connection: Connection,
  table: Table,
  count: number,
): Promise<number[]> {
  const { rows } = await connection.run(
    // OFFSET keeps the sequence from being looked up for each id, and they come in ascending order.
    `SELECT min(id) AS first, max(id) AS last FROM (
       SELECT id, id - row_number() OVER () AS start FROM (
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
