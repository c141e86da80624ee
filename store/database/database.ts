import type { LaminError } from "../errors.ts";
import type { Digest } from "./django_names.ts";
import type { ColumnType, NewRowOf, RowOf, Table } from "./table.ts";

/**
 * What a statement takes and a row holds; booleans and JSON are encoded by the table's definition.
 */
export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

/**
 * Rows and transactions over one engine. SQL comes in the common subset; where the engines differ,
 * `dialect` says how. Parameters are written `?` in both.
 */
export interface Database {
  readonly dialect: Dialect;
  /** True when the file or the role only allows reading; `write` then throws code "denied". */
  readonly readOnly: boolean;
  /** Why it only allows reading, where that is no matter of rights: `write` then throws this. */
  readonly whyReadOnly?: LaminError | undefined;
  /** Runs `work` on one consistent snapshot. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction that commits when it returns and rolls back when it throws.
   * The write lock is taken first, so reads inside are never stale. Where somebody who does not
   * know that lock changed a row that `work` changes, it runs again from the start; so what it does
   * outside of the database comes last in it. Throws code "busy" when another process held the lock
   * all the while, "denied" when the database cannot be written.
   */
  write<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  /**
   * A text that stays the same as long as nobody changes the database; undefined where that cannot
   * be told, for now or ever. It costs no query.
   */
  stamp(): string | undefined;
  /**
   * The stamp of the state that the last transaction left; undefined when another process changed
   * something since that began, or it cannot be told. May take 20 ms where others own the file.
   */
  stampAfterWrite(): Promise<string | undefined>;
  /**
   * The file of a SQLite database, as a URI, which stays as it is as long as a read lasts, or that
   * read fails; undefined where there is none.
   */
  readonly fixedFile?: string | undefined;
  /**
   * Lets statements of `work` read the tables of such a file too, by the name {@link beside} and no
   * other: SQL of its own there, as triggers and views have, is the caller's to mind.
   * Undefined where that cannot be.
   */
  withBeside?<T>(file: string, work: () => Promise<T>): Promise<T>;
  /** Hides tables behind queries with the same columns, for this connection alone. */
  shadow(views: ReadonlyMap<string, string>): Promise<void>;
  /**
   * What is wrong with the database itself, a sentence each: its structure, and rows that refer to
   * rows which are not there. Nothing is changed.
   */
  check(): Promise<string[]>;
  close(): Promise<void>;
}

/** What stands before the names of tables of a file beside the database. */
export const beside = "lamin_beside";

/** A piece of SQL and the values of its `?`. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** How to get from one id to others: parts of a query, in which `reached.id` is the one id. */
export interface ClosureStep {
  /** An expression: the id that is reached. */
  readonly id: string;
  /** The tables, the first without a condition of its own. */
  readonly from: string;
  readonly where: string;
}

/** The differences of the engines, as data. */
export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** True when the text in `column` starts with `text`, case kept; uses an index on the column. */
  startsWith(column: string, text: string): Condition;
  /** True when the text in `column` contains `text`, case kept. */
  contains(column: string, text: string): Condition;
  /** True when the text in `column` ends with `text`, case kept. */
  endsWith(column: string, text: string): Condition;
  /**
   * A query `SELECT value …` of the texts or numbers in a list, for `IN (…)` with at most one
   * parameter; of an empty list, which has no type, it may be `NULL`. `type` is that of the column,
   * where the values are not its own texts or whole numbers.
   */
  valuesOf(list: readonly (string | number)[], type?: ColumnType): Condition;
  /**
   * What stands after a column for being among the few values of a query, each of which is looked
   * up in the index on the column, also where the query depends on the row of another table.
   */
  among(query: string): string;
  /**
   * A query of the column `id`: what the query `start` gives, a column `id` too, and all that is
   * reached from there by `steps`, each once, whatever circles they make.
   */
  closure(start: string, steps: readonly ClosureStep[]): string;
  /** A term that a condition on leads to no index, even where there is one. */
  withoutIndex(column: string): string;
  /** A term after ORDER BY that sorts texts by their bytes, whatever the database's own rules. */
  textOrder(column: string, descending?: boolean): string;
  /** The operators that compare texts by their bytes, by their usual sign. */
  readonly textSigns: Readonly<Record<"<" | "<=" | ">" | ">=", string>>;
  /** A table itself, where a view hides it (see `Database.shadow`). */
  unhidden(table: string): string;
  /** The statements that make tables; `md5` for the names of their indexes. */
  createStatements(tables: readonly Table[], md5: Digest): Promise<string[]>;
  /** The text in `column` in lower case, letters of all scripts, as SQL. */
  lower(column: string): string;
  /** True when the text in `column` matches a regular expression somewhere. */
  matches(column: string, pattern: string, options: { readonly ignoreCase: boolean }): Condition;
  /**
   * The value at a path into JSON, as text: a scalar's own, `true`, `false`, or JSON; NULL if none.
   */
  jsonText(column: string, keys: readonly string[]): Condition;
  /** The number at a path into JSON, NULL where there is none. */
  jsonNumber(column: string, keys: readonly string[]): Condition;
}

export interface Reader {
  readonly dialect: Dialect;
  all<R extends object = SqlRow>(sql: string, parameters?: readonly SqlValue[]): Promise<R[]>;
  first<R extends object = SqlRow>(
    sql: string,
    parameters?: readonly SqlValue[],
  ): Promise<R | undefined>;
  /** One row at a time, for results that may not fit in memory. */
  iterate<R extends object = SqlRow>(
    sql: string,
    parameters?: readonly SqlValue[],
  ): AsyncIterable<R>;
  /** Rows of a table, decoded; `condition` is SQL after WHERE (and may hold ORDER BY, LIMIT). */
  select<T extends Table>(
    table: T,
    condition?: string,
    parameters?: readonly SqlValue[],
  ): Promise<RowOf<T>[]>;
  /** Whether a table of this name exists. */
  hasTable(name: string): Promise<boolean>;
  /** Those of some tables that exist, with one question. */
  tablesAmong(names: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * A number that stays the same as long as no other connection changes the database; undefined
   * where that cannot be told. Numbers of two connections have nothing to do with each other.
   */
  othersVersion(): Promise<number | undefined>;
  /** The names of the columns that the database really has, empty when there is no such table. */
  columnsOf(table: string): Promise<string[]>;
}

export interface Writer extends Reader {
  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
  /** Runs statements without parameters, one after another. */
  script(statements: readonly string[]): Promise<void>;
  /**
   * Inserts rows in batches; returns their ids in order. Every column is passed, never left to a
   * default.
   */
  insert<T extends Table>(table: T, rows: readonly NewRowOf<T>[]): Promise<number[]>;
  /** Sets columns of the rows with these ids. */
  update<T extends Table>(
    table: T,
    ids: readonly number[],
    changes: NewRowOf<T>,
  ): Promise<void>;
  delete(table: Table, ids: readonly number[]): Promise<void>;
  /**
   * Runs `work` while the tables may be without indexes, which are there again afterwards: for
   * inserting as many rows as there are. Whether values are unique may show only when it is done.
   */
  withoutIndexes<T>(rows: ManyRows, work: () => Promise<T>): Promise<T>;
}

/** Rows that are to be inserted together. */
export interface ManyRows {
  readonly tables: readonly Table[];
  /** Indexes that begin with a column of these stay, for what is looked up meanwhile. */
  readonly kept: readonly string[];
  /** How many rows each of the tables gets, at most. */
  readonly count: number;
}
