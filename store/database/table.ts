/**
 * Tables as data: one definition gives the DDL of both engines, the types of rows in TypeScript, the
 * encoding of values and, in core, everything that a registry needs.
 */
export type ColumnType =
  | "id" // INTEGER PRIMARY KEY AUTOINCREMENT / integer identity
  | "bigid"
  | "smallid"
  | "integer"
  | "smallint"
  | "bigint"
  | "boolean"
  | "varchar"
  | "text"
  | "json"
  | "datetime"
  | "date";

/** What happens to a row when the row that it points to is deleted; carried out by core, as Django does. */
export type OnDelete = "CASCADE" | "PROTECT" | "SET_NULL" | "DO_NOTHING";

export interface Reference {
  readonly table: string;
  readonly onDelete: OnDelete;
  /** Name under which the referenced row finds the referring rows, if it can. */
  readonly reverse?: string;
  /** Name of the relation: the column's name without `_id`, unless said otherwise. */
  readonly field: string;
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
  readonly appDefault?: unknown;
  readonly references?: Reference;
  /** Only for the type checker; never set. */
  readonly valueType?: T;
}

export interface UniqueConstraint {
  /** Columns in index order; `LOWER(name)` for an expression. */
  readonly columns: readonly string[];
  readonly name?: string;
  /** Condition of a partial index, in SQL that both engines read. */
  readonly where?: string;
}

export interface CheckConstraint {
  readonly name: string;
  readonly sqlite?: string;
  readonly postgres?: string;
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
