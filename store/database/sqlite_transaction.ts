import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ManyRows, SqlRow, SqlValue, Writer } from "./database.ts";
import { insertStatement } from "./insert_statement.ts";
import { selectRows } from "./select_rows.ts";
import { setAsideIndexes } from "./set_aside_indexes.ts";
import { quote } from "./sql.ts";
import { sqliteDialect } from "./sqlite_dialect.ts";
import { dataVersion } from "./sqlite_stamp.ts";
import type { NewRowOf, RowOf, Table } from "./table.ts";
import { TableNames } from "./table_names.ts";
import { encodeValue, timestamp } from "./values.ts";
import { wholeIteration } from "./whole_iteration.ts";

/** Rows of a SQLite connection, in whatever transaction it is in. */
export class SqliteTransaction implements Writer {
  readonly dialect = sqliteDialect;
  readonly tables: TableNames;
  readonly #statements = new Map<string, StatementSync>();
  /** Whether another file is attached, whose tables answer to names that are none here. */
  hasBeside = false;

  constructor(private readonly handle: DatabaseSync, private readonly now: () => Date) {
    this.tables = new TableNames(handle);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.handle.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  // The methods are async so that a failing statement rejects instead of throwing.
  // deno-lint-ignore require-await
  async all<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    return this.#prepare(sql).all(...parameters) as R[];
  }

  // deno-lint-ignore require-await
  async first<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    return this.#prepare(sql).get(...parameters) as R | undefined;
  }

  async *iterate<R extends object = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) {
    // A statement of its own: the cached one may be used by the consumer while this one is open.
    for (const row of wholeIteration(this.handle, sql, parameters)) yield row as R;
  }

  async select<T extends Table>(
    table: T,
    condition = "TRUE",
    parameters: readonly SqlValue[] = [],
  ): Promise<RowOf<T>[]> {
    return await selectRows(this, table, condition, parameters);
  }

  // deno-lint-ignore require-await
  async hasTable(name: string): Promise<boolean> {
    return this.tables.has(name);
  }

  // deno-lint-ignore require-await
  async tablesAmong(names: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(names.filter((name) => this.tables.has(name)));
  }

  // deno-lint-ignore require-await
  async othersVersion(): Promise<number> {
    return dataVersion(this.handle);
  }

  async columnsOf(table: string): Promise<string[]> {
    if (this.hasBeside && !this.tables.has(table)) return [];
    const rows = await this.all<{ name: string }>("SELECT name FROM pragma_table_info(?)", [table]);
    return rows.map((row) => row.name);
  }

  // deno-lint-ignore require-await
  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return Number(this.#prepare(sql).run(...parameters).changes);
  }

  // deno-lint-ignore require-await
  async script(statements: readonly string[]): Promise<void> {
    for (const statement of statements) this.handle.exec(statement);
  }

  // deno-lint-ignore require-await
  async insert<T extends Table>(table: T, rows: readonly NewRowOf<T>[]): Promise<number[]> {
    if (rows.length === 0) return [];
    const { sql, values } = insertStatement(table, rows, timestamp(this.now()));
    const statement = this.#prepare(sql);
    return values.map((row) => Number(statement.run(...row).lastInsertRowid));
  }

  async update<T extends Table>(table: T, ids: readonly number[], changes: NewRowOf<T>) {
    const names = Object.keys(changes);
    if (ids.length === 0 || names.length === 0) return;
    const assignments = names.map((name) => `${quote(name)} = ?`).join(", ");
    const given = changes as Record<string, unknown>;
    const values = names.map((name) => encodeValue(table.columns[name]!, given[name]));
    await this.run(
      `UPDATE ${quote(table.name)} SET ${assignments} ` +
        `WHERE id IN (SELECT value FROM json_each(?))`,
      [...values, JSON.stringify(ids)],
    );
  }

  async delete(table: Table, ids: readonly number[]): Promise<void> {
    await this.run(
      `DELETE FROM ${quote(table.name)} WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
  }

  async withoutIndexes<T>({ tables, kept }: ManyRows, work: () => Promise<T>): Promise<T> {
    const again = tables.map((table) => setAsideIndexes(this.handle, table.name, kept));
    const result = await work();
    // A failure before this rolls everything back, the indexes too.
    for (const makeAgain of again) makeAgain();
    return result;
  }
}
