import type { ManyRows, SqlRow, SqlValue, Writer } from "../database.ts";
import { quote } from "../sql.ts";
import type { NewRowOf, RowOf, Table } from "../table.ts";
import { selectRows } from "../select_rows.ts";
import { encodeValue, timestamp } from "../values.ts";
import type { Connection } from "./connection.ts";
import { postgresDialect } from "./dialect.ts";
import { insertRows } from "./insert.ts";
import { RowIds } from "./row_ids.ts";
import { setAside } from "./set_aside.ts";
import { arrayLiteral } from "./values.ts";

/** Rows that a cursor gives in one round trip. */
const cursorRows = 1000;

/** What is done inside of one transaction. */
export class PostgresTransaction implements Writer {
  readonly dialect = postgresDialect;
  readonly #ids: RowIds;
  #cursors = 0;

  constructor(private readonly connection: Connection, private readonly now: () => Date) {
    this.#ids = new RowIds(connection);
  }

  async all<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    return (await this.connection.run(sql, parameters)).rows as R[];
  }

  async first<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    return (await this.connection.run(sql, parameters)).rows[0] as R | undefined;
  }

  async *iterate<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    // A cursor of the server, not of the library: other statements may run between its rows.
    const name = quote(`lamin_${this.#cursors++}`);
    await this.connection.run(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, parameters);
    let isDone = false;
    try {
      while (!isDone) {
        const { rows } = await this.connection.run(`FETCH ${cursorRows} FROM ${name}`);
        isDone = rows.length < cursorRows;
        yield* rows as R[];
      }
      await this.connection.run(`CLOSE ${name}`);
    } catch (error) {
      isDone = true;
      throw error;
    }
  }

  async select<T extends Table>(
    table: T,
    condition = "TRUE",
    parameters: readonly SqlValue[] = [],
  ): Promise<RowOf<T>[]> {
    return await selectRows(this, table, condition, parameters);
  }

  async hasTable(name: string): Promise<boolean> {
    const row = await this.first(
      `SELECT 1 FROM pg_class WHERE relname = ? AND relkind IN ('r', 'p')
         AND relnamespace = ANY (current_schemas(FALSE)::regnamespace[])`,
      [name],
    );
    return row !== undefined;
  }

  async tablesAmong(names: readonly string[]): Promise<ReadonlySet<string>> {
    const list = this.dialect.valuesOf(names);
    const rows = await this.all<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname IN (${list.sql})
         AND relkind IN ('r', 'p')
         AND relnamespace = ANY (current_schemas(FALSE)::regnamespace[])`,
      list.parameters,
    );
    return new Set(rows.map(({ name }) => name));
  }

  othersVersion(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async columnsOf(table: string): Promise<string[]> {
    const rows = await this.all<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [quote(table)],
    );
    return rows.map((row) => row.name);
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return (await this.connection.run(sql, parameters)).count;
  }

  script(statements: readonly string[]): Promise<void> {
    return this.connection.script(statements);
  }

  insert<T extends Table>(table: T, rows: readonly NewRowOf<T>[]): Promise<number[]> {
    return insertRows(this.connection, this.#ids, table, rows, timestamp(this.now()));
  }

  async update<T extends Table>(table: T, ids: readonly number[], changes: NewRowOf<T>) {
    const names = Object.keys(changes);
    if (ids.length === 0 || names.length === 0) return;
    const assignments = names.map((name) => `${quote(name)} = ?`).join(", ");
    const given = changes as Record<string, unknown>;
    const values = names.map((name) => encodeValue(table.columns[name]!, given[name]));
    await this.run(
      `UPDATE ${quote(table.name)} SET ${assignments} WHERE id = ANY (?::bigint[])`,
      [...values, arrayLiteral(ids)],
    );
  }

  async delete(table: Table, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.run(
      `DELETE FROM ${quote(table.name)} WHERE id = ANY (?::bigint[])`,
      [arrayLiteral(ids)],
    );
  }

  async withoutIndexes<T>({ tables, kept, count }: ManyRows, work: () => Promise<T>): Promise<T> {
    const { tables: locked, again } = await setAside(this.connection, tables, kept);
    const result = await this.#ids.expecting(locked, count, work);
    // A failure before this rolls everything back, the indexes too.
    await this.connection.script(again);
    return result;
  }
}
