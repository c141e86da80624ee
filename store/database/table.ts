/**
 * Tables as data: one definition gives the DDL of both engines, the types of rows in TypeScript,
 * the encoding of values and, in core, everything that a registry needs.
 */
export type ColumnType =
  | "id" // INTEGER PRIMARY KEY AUTOINCREMENT / integer identity
  | "bigid"
  | "smallid"
  | "integer"
  | "smallint"
  | "bigint"
  | "real" // a number of 64 bits with a fraction
  | "boolean"
  | "varchar"
  | "text"
  | "json"
  | "datetime"
  | "date";

/**
 * What core makes up for a column that a new row does not give: the current user or run, a random
 * uid of so many base-62 digits, or the uid of an ontology term or source that follows from its
 * content (COMPAT §3.1, §11.2).
 */
export type Generated =
  | "user"
  | "run"
  | "random_8"
  | "random_12"
  | "random_16"
  | "random_20"
  | "term"
  | "source";

/**
 * What happens to a row when the row that it points to is deleted; carried out by core, as Django
 * does.
 */
export type OnDelete = "CASCADE" | "PROTECT" | "SET_NULL" | "DO_NOTHING";

export interface Reference {
  readonly table: string;
  readonly onDelete: OnDelete;
  /** Name under which the referenced row finds the referring rows, if it can. */
  readonly reverse?: string;
}

/** A default of the database: a literal of the column's type, or the time of the statement. */
export type ColumnDefault = boolean | number | string | "NOW" | "JSON_NULL";

/** One column; `T` is the type of its values in rows (booleans as booleans, JSON as its text). */
export interface Column<T = unknown> {
  readonly type: ColumnType;
  readonly length?: number;
  readonly nullable: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly default?: ColumnDefault;
  /** What the application fills in when the value is left out and the database has no default. */
  readonly appDefault?: boolean | number | string;
  readonly generated?: Generated;
  readonly references?: Reference;
  /** JSON that is kept to the letter; Postgres would order its keys and space it anew. */
  readonly verbatim?: boolean;
  /** Only for the type checker; never set. */
  readonly valueType?: T;
}

/**
 * Columns whose values together occur once. Without a name it is called as Django calls
 * `unique_together`; with a name and neither condition nor expression it is a constraint of the
 * table.
 */
export interface UniqueConstraint {
  /** Columns in index order; `LOWER(name)` for an expression. */
  readonly columns: readonly string[];
  readonly name?: string;
  /** Condition of a partial index: columns that are NULL or are not, joined by ` AND `. */
  readonly where?: `${string} IS NULL` | `${string} IS NOT NULL`;
}

export interface CheckConstraint {
  readonly name: string;
  readonly sqlite?: string;
  readonly postgres?: string;
  /** Function of the Postgres database that the condition calls, and that must be there first. */
  readonly postgresFunction?: string;
}

export type Columns = Readonly<Record<string, Column>>;

export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly columns: C;
  readonly unique: readonly UniqueConstraint[];
  readonly checks: readonly CheckConstraint[];
  /** Non-unique indexes over several columns, besides those of `indexed` columns. */
  readonly indexes: readonly (readonly string[])[];
}

/** A row as the table gives it. */
export type RowOf<T extends Table> = {
  -readonly [K in keyof T["columns"]]: T["columns"][K] extends Column<infer V> ? V : never;
};

/** A row to insert: columns left out get the default of the definition or NULL. */
export type NewRowOf<T extends Table> = Partial<RowOf<T>>;
