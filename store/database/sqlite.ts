import { DatabaseSync, type StatementSync } from "node:sqlite";
import { LaminError } from "../errors.ts";
import type { Database, Reader, SqlRow, SqlValue, Writer } from "./database.ts";
import type { NewRowOf, RowOf, Table } from "./table.ts";
import { quote } from "./sql.ts";
import { checkSqlite } from "./sqlite_check.ts";
import { busyTimeoutMs, connect, locationOf, type SqliteOptions } from "./sqlite_connection.ts";
import { insertStatement } from "./insert_statement.ts";
import { setAsideIndexes } from "./set_aside_indexes.ts";
import { addFunctions, sqliteDialect } from "./sqlite_dialect.ts";
import { databaseError } from "./sqlite_failure.ts";
import { dataVersion, sqliteStamp, stampWaitMs } from "./sqlite_stamp.ts";
import { TableNames } from "./table_names.ts";
import { selectRows } from "./select_rows.ts";
import { encodeValue, timestamp } from "./values.ts";
import { wholeIteration } from "./whole_iteration.ts";

/**
 * Opens a SQLite file that exists. The journal mode stays what the file says, so that a database
 * which Python made is not changed by being looked at.
 *
 * Throws code "denied" when the file cannot be read, "damaged" when it is no database.
 */
export function openSqlite(options: SqliteOptions): Database {
  const connection = connect(options);
  return new SqliteDatabase(connection.handle, connection.readOnly, options);
}

/**
 * Makes a new SQLite file. Throws code "conflict" when the file exists, and what opening throws.
 */
export function createSqlite(options: SqliteOptions): Database {
  let handle: DatabaseSync | undefined;
  try {
    handle = new DatabaseSync(locationOf(options), {
      timeout: options.patienceMs ?? busyTimeoutMs,
    });
    setUp(handle, options);
    return new SqliteDatabase(handle, false, options);
  } catch (error) {
    handle?.close();
    throw databaseError(error, options.path);
  }
}

function setUp(handle: DatabaseSync, options: SqliteOptions): void {
  const { count } = handle.prepare("SELECT count(*) AS count FROM sqlite_master").get() as {
    count: number;
  };
  if (count > 0) {
    throw new LaminError("conflict", `there is already a database at ${options.path}`);
  }
  // Not by exec, whose failures under Deno do not tell a full disk from one without shared memory.
  handle.prepare(`PRAGMA journal_mode = ${options.journal ?? "WAL"}`).get();
  // Where there is no memory to share for the log, that shows with the first use only.
  handle.prepare("SELECT count(*) FROM sqlite_master").get();
  for (const statement of options.setUp ?? []) handle.exec(statement);
  if (options.patienceMs !== undefined) handle.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
}

/**
 * Memory for pages while writing. With SQLite's 2 MB those of the indexes over random texts are
 * written and read again many times in a command that adds 100,000 rows; more than this makes it no
 * faster.
 */
const writeCacheKilobytes = 16 * 1024;

class SqliteDatabase implements Database {
  readonly dialect = sqliteDialect;
  readonly #transaction: SqliteTransaction;
  #open = false;
  /** What SQLite called the state that the last transaction of ours began with. */
  #versionAtWrite: number | undefined;

  constructor(
    private readonly handle: DatabaseSync,
    readonly readOnly: boolean,
    private readonly options: SqliteOptions,
  ) {
    addFunctions(handle);
    if (options.isCache) handle.exec("PRAGMA synchronous = NORMAL");
    this.#transaction = new SqliteTransaction(handle, options.now);
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#inside("BEGIN", "COMMIT", work);
  }

  write<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    if (this.readOnly) {
      throw new LaminError("denied", `the database ${this.options.path} cannot be written by you`);
    }
    // A deferred transaction that reads and then writes fails at once when another one wrote
    // meanwhile.
    return this.#inside("BEGIN IMMEDIATE", "COMMIT", (writer) => {
      this.#versionAtWrite = this.#version();
      this.handle.exec(`PRAGMA cache_size = -${writeCacheKilobytes}`);
      return work(writer);
    });
  }

  async #inside<T>(begin: string, end: string, work: (writer: Writer) => Promise<T>): Promise<T> {
    // A read inside a transaction of the same connection sees what the transaction sees.
    if (this.#open) return await work(this.#transaction);
    try {
      this.handle.exec(begin);
      this.#open = true;
      const result = await work(this.#transaction);
      this.handle.exec(end);
      return result;
    } catch (error) {
      this.#rollBack();
      throw databaseError(error, this.options.path);
    } finally {
      this.#open = false;
    }
  }

  /** SQLite rolls some failures back by itself. */
  #rollBack(): void {
    this.#transaction.tables.forget();
    try {
      if (this.handle.isTransaction) this.handle.exec("ROLLBACK");
    } catch {
      // The failure before says more; what was not committed goes when the file is closed.
    }
  }

  stamp(): string | undefined {
    const { path, stat, now } = this.options;
    return stat && sqliteStamp({ path, stat, now });
  }

  async stampAfterWrite(): Promise<string | undefined> {
    const { path, stat, now } = this.options;
    if (stat === undefined || this.#versionAtWrite === undefined) return undefined;
    if (!this.#emptyLog()) return undefined;
    const waitMs = stampWaitMs({ path, stat, now });
    if (waitMs === undefined) return undefined;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const stamp = this.stamp();
    // Asked last: a change by another process before the stamp was taken shows here.
    return this.#version() === this.#versionAtWrite ? stamp : undefined;
  }

  #version(): number {
    return dataVersion(this.handle);
  }

  /**
   * Moves the log into the file, as the end of the connection would; false when others read just
   * now.
   */
  #emptyLog(): boolean {
    this.handle.exec("PRAGMA busy_timeout = 0");
    try {
      const { busy } = this.handle.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as {
        busy: number;
      };
      return busy === 0;
    } catch {
      return false; // no reason to fail: it stays in the log
    } finally {
      this.handle.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  // Async so that a failing statement rejects.
  // deno-lint-ignore require-await
  async shadow(views: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, query] of views) {
      this.handle.exec(`CREATE TEMP VIEW ${quote(name)} AS ${query}`);
    }
  }

  // deno-lint-ignore require-await
  async check(): Promise<string[]> {
    return checkSqlite(this.handle);
  }

  close(): Promise<void> {
    this.handle.close();
    return Promise.resolve();
  }
}

class SqliteTransaction implements Writer {
  readonly dialect = sqliteDialect;
  readonly tables: TableNames;
  readonly #statements = new Map<string, StatementSync>();

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

  async withoutIndexes<T>(
    tables: readonly Table[],
    kept: readonly string[],
    work: () => Promise<T>,
  ): Promise<T> {
    const again = tables.map((table) => setAsideIndexes(this.handle, table.name, kept));
    const result = await work();
    // A failure before this rolls everything back, the indexes too.
    for (const makeAgain of again) makeAgain();
    return result;
  }
}
