import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { Database, Reader, Writer } from "../database.ts";
import { quote } from "../sql.ts";
import { busyTimeoutMs } from "../sqlite_connection.ts";
import { checkPostgres } from "./check.ts";
import { Connection } from "./connection.ts";
import { postgresDialect } from "./dialect.ts";
import { isWorthAnotherTry, lostConnection } from "./failure.ts";
import { serverAddress } from "./server_address.ts";
import { PostgresTransaction } from "./transaction.ts";

export interface PostgresOptions {
  readonly url: string;
  readonly readOnly?: boolean;
  /** How long to wait for other writers, in milliseconds; `busyTimeoutMs` unless given. */
  readonly patienceMs?: number;
}

/** The table that every LaminDB has and nobody writes: whoever holds its lock is the one writer. */
const lockedTable = "django_migrations";

/** Held instead while there are no tables yet; any number that others are unlikely to take. */
const firstWriterLock = 0x6c616d696e;

/** How often a transaction is tried when others, who do not know our lock, stand in its way. */
const attemptsMax = 10;

/**
 * Opens a database of a Postgres server. Throws code "failed" when the server is not reached,
 * "denied" when it refuses, "not_found" when it has no such database.
 */
export async function openPostgres(host: Host, options: PostgresOptions): Promise<Database> {
  const connection = new Connection(host, serverAddress(options.url));
  try {
    const state = await lookAt(connection);
    return new PostgresDatabase(host, connection, {
      ...state,
      readOnly: options.readOnly || state.readOnly,
      patienceMs: options.patienceMs ?? busyTimeoutMs,
    });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/**
 * A statement is planned for its own values, since a rare label and a frequent one want other ways.
 * Pages anywhere cost nearly what the next ones do, in memory and on disks of today: with the
 * default of four times as much, a million rows are read for a thousand. Compiling a plan takes
 * longer than what is asked here.
 */
const planning = { plan_cache_mode: "force_custom_plan", random_page_cost: "1.1", jit: "off" };

interface State {
  readonly readOnly: boolean;
  /** True as long as it has none of LaminDB's tables. */
  readonly isNew: boolean;
}

async function lookAt(connection: Connection): Promise<State> {
  const { rows: [row] } = await connection.run(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only,
       to_regclass('${lockedTable}') IS NULL AS is_new,
       COALESCE(has_table_privilege(to_regclass('${lockedTable}'), 'UPDATE'), TRUE) AS may_write,
       current_setting('server_encoding') AS encoding,
       current_setting('server_version_num')::integer AS version,
       ${
      Object.entries(planning).map(([name, value]) => `set_config('${name}', '${value}', FALSE)`)
    }`,
  );
  const { encoding, version } = row!;
  if (encoding !== "UTF8") {
    throw new LaminError("failed", `the database keeps texts as ${encoding}, not as UTF8`, {
      hint: "make a database with 'createdb --encoding UTF8 --template template0'",
    });
  }
  if (Number(version) < oldestVersion) {
    throw new LaminError(
      "failed",
      `the server is PostgreSQL ${Math.floor(Number(version) / 1e4)}`,
      {
        hint: `lamin needs PostgreSQL ${oldestVersion / 1e4} or newer`,
      },
    );
  }
  return {
    readOnly: row!["read_only"] === 1 || row!["may_write"] !== 1,
    isNew: row!["is_new"] === 1,
  };
}

/** Since then there are paths into JSON, by whose rules both engines find the same. */
const oldestVersion = 12_0000;

class PostgresDatabase implements Database {
  readonly dialect = postgresDialect;
  readonly #transaction: PostgresTransaction;
  readonly readOnly: boolean;
  readonly #patienceMs: number;
  #isNew: boolean;
  #isOpen = false;
  /** True once the work is done and the transaction ends. */
  #isAtEnd = false;

  constructor(
    private readonly host: Host,
    private readonly connection: Connection,
    { readOnly, isNew, patienceMs }: State & { readonly patienceMs: number },
  ) {
    this.readOnly = readOnly;
    this.#isNew = isNew;
    this.#patienceMs = patienceMs;
    this.#transaction = new PostgresTransaction(connection, () => host.now());
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#inside(["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"], work);
  }

  async write<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    if (this.readOnly) {
      const shown = this.connection.address.shown;
      throw new LaminError("denied", `the database ${shown} cannot be written by you`);
    }
    if (this.#isOpen) return await work(this.#transaction);
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#inside(await this.#beginWrite(), work);
      } catch (error) {
        // At its end the work has done what it does outside of the database, which is undone only
        // by whoever is told of the failure.
        if (!isWorthAnotherTry(error) || this.#isAtEnd || attempt === attemptsMax) throw error;
        await this.#backOff(attempt);
      }
    }
  }

  /**
   * The lock comes first: what a transaction reads is as it was when it read first, and what others
   * of ours commit while this one waits must be seen.
   */
  async #beginWrite(): Promise<string[]> {
    this.#isNew &&= !await this.#transaction.hasTable(lockedTable);
    const patience = `SET LOCAL lock_timeout = ${this.#patienceMs}`;
    return this.#isNew
      ? [
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        patience,
        `SELECT pg_advisory_xact_lock(${firstWriterLock})`,
      ]
      : [
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        patience,
        `LOCK TABLE ${lockedTable} IN SHARE ROW EXCLUSIVE MODE`,
      ];
  }

  /** Longer each time, and by chance, so that two do not meet again. */
  #backOff(attempt: number): Promise<void> {
    const chance = 0.5 + this.host.randomBytes(1)[0]! / 256;
    return new Promise((resolve) => setTimeout(resolve, chance * 10 * 2 ** attempt));
  }

  async #inside<T>(begin: readonly string[], work: (writer: Writer) => Promise<T>): Promise<T> {
    // A read inside a transaction of the same connection sees what the transaction sees.
    if (this.#isOpen) return await work(this.#transaction);
    this.#isOpen = true;
    this.#isAtEnd = false;
    try {
      await this.connection.script(begin);
      const result = await work(this.#transaction);
      await this.connection.settle();
      await this.#commit();
      return result;
    } catch (error) {
      await this.#rollBack();
      throw error;
    } finally {
      this.#isOpen = false;
    }
  }

  async #commit(): Promise<void> {
    this.#isAtEnd = true;
    try {
      await this.connection.script(["COMMIT"]);
    } catch (error) {
      if (!this.connection.isLost) throw error;
      throw lostConnection(
        this.connection.address,
        "whether the change was made is not known; running the command again is safe",
      );
    }
  }

  /** The failure before says more; the server rolls back by itself what is lost. */
  async #rollBack(): Promise<void> {
    if (this.connection.isLost) return;
    await this.connection.dropCopies();
    await this.connection.script(["ROLLBACK"]).catch(() => {});
  }

  /** None: it would cost a query. */
  stamp(): undefined {
    return undefined;
  }

  stampAfterWrite(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async shadow(views: ReadonlyMap<string, string>): Promise<void> {
    await this.connection.script(
      [...views].map(([name, query]) => `CREATE TEMPORARY VIEW ${quote(name)} AS ${query}`),
    );
  }

  check(): Promise<string[]> {
    return this.read((reader) => checkPostgres(reader));
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
