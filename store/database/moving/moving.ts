import type { Dialect, Reader, Writer } from "../database.ts";

/** What moving an instance needs of an engine besides rows. */
export interface Moving {
  /** Names of the tables of an instance and whatever lies beside them, without the engine's own. */
  tableNames(reader: Reader): Promise<string[]>;
  /**
   * Keeps all others from writing to the tables until the transaction ends; it has to be the first
   * statement, so that what is read afterwards is the last that there was.
   */
  lock(writer: Writer, tables: readonly string[]): Promise<void>;
  /**
   * Makes every later change of the tables fail with a sentence, also one by a process that waits
   * for its turn now: what it would write is nowhere else.
   */
  seal(writer: Writer, tables: readonly string[], sentence: string): Promise<void>;
  /** The sentence of a seal; undefined without one. */
  sealOf(reader: Reader): Promise<string | undefined>;
  /** The highest id that each table ever gave. */
  lastIds(reader: Reader, tables: readonly string[]): Promise<Map<string, number>>;
  setLastIds(writer: Writer, lastIds: ReadonlyMap<string, number>): Promise<void>;
}

/** How an engine goes about it; loaded when needed. */
export async function movingOf(engine: Dialect["name"]): Promise<Moving> {
  return engine === "sqlite"
    ? (await import("./sqlite_moving.ts")).sqliteMoving
    : (await import("./postgres_moving.ts")).postgresMoving;
}
