import { DatabaseSync } from "node:sqlite";
import { LaminError } from "../errors.ts";
import { beside, type Database, type Reader, type Writer } from "./database.ts";
import { quote } from "./sql.ts";
import { checkSqlite } from "./sqlite_check.ts";
import { busyTimeoutMs, connect, locationOf, type SqliteOptions } from "./sqlite_connection.ts";
import { addFunctions, sqliteDialect } from "./sqlite_dialect.ts";
import { databaseError } from "./sqlite_failure.ts";
import { dataVersion, sqliteStamp, stampByDatingBack, stampWaitMs } from "./sqlite_stamp.ts";
import { SqliteTransaction } from "./sqlite_transaction.ts";

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

/** As much as sorting an index of some 100,000 texts takes without files. */
const copyCacheKilobytes = 64 * 1024;

/** What tells SQLite that nobody changes a file. */
const neverChanged = "immutable=1";

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
      const kilobytes = this.#transaction.hasBeside ? copyCacheKilobytes : writeCacheKilobytes;
      this.handle.exec(`PRAGMA cache_size = -${kilobytes}`);
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
    if (this.options.stat === undefined || this.#versionAtWrite === undefined) return undefined;
    if (!this.#emptyLog()) return undefined;
    const stamp = await this.#stampSoon();
    // Asked last: a change by another process before the stamp was taken shows here.
    return this.#version() === this.#versionAtWrite ? stamp : undefined;
  }

  async #stampSoon(): Promise<string | undefined> {
    const { path, stat, now, setModified } = this.options;
    const source = { path, stat: stat!, now, setModified };
    const atOnce = this.stamp() ?? stampByDatingBack(source);
    if (atOnce !== undefined) return atOnce;
    const waitMs = stampWaitMs(source);
    if (waitMs === undefined) return undefined;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return this.stamp();
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

  get fixedFile(): string | undefined {
    const { parameters } = this.options;
    return this.readOnly && parameters === neverChanged
      ? `${locationOf(this.options)}&mode=ro`
      : undefined;
  }

  async withBeside<T>(file: string, work: () => Promise<T>): Promise<T> {
    this.handle.prepare(`ATTACH ? AS ${beside}`).run(file);
    this.#transaction.hasBeside = true;
    try {
      return await work();
    } finally {
      this.#transaction.hasBeside = false;
      this.handle.exec(`DETACH ${beside}`);
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
