import type { Dialect, Reader } from "../database.ts";
import type { Column } from "../table.ts";

/** A column as an engine's own catalog describes it: whoever made the table may be a stranger. */
export interface CatalogColumn {
  readonly name: string;
  /** The type as the engine writes it. */
  readonly declared: string;
  /** What of the language of definitions holds the same values; undefined when nothing does. */
  readonly type: Pick<Column, "type" | "length"> | undefined;
  readonly nullable: boolean;
  /** A default that definitions can express; others are not told. */
  readonly default?: Column["default"];
  /** Whether the engine computes it, so that no value can be given. */
  readonly isComputed: boolean;
}

/** Columns of an index that holds for all rows. */
export interface CatalogIndex {
  readonly columns: readonly string[];
  readonly isUnique: boolean;
}

/** A foreign key of one column. */
export interface CatalogReference {
  readonly column: string;
  readonly table: string;
  /** The column that it points to. */
  readonly to: string;
}

/** A table, as data: nothing of it was run. */
export interface CatalogTable {
  readonly name: string;
  /** Anything but a table holds no rows of its own. */
  readonly kind: "table" | "other";
  readonly columns: readonly CatalogColumn[];
  /** The columns of the primary key. */
  readonly primary: readonly string[];
  readonly indexes: readonly CatalogIndex[];
  readonly references: readonly CatalogReference[];
}

/** Reads what a database says of itself. */
export interface Catalog {
  /** Names of tables, views and the like that start as one of an application's, sorted. */
  names(reader: Reader, limit: number): Promise<string[]>;
  /** Describes those of these names; columns beyond `columnsMax` are left out. */
  describe(
    reader: Reader,
    names: readonly string[],
    columnsMax: number,
  ): Promise<CatalogTable[]>;
}

/** The catalog of an engine; loaded when needed. */
export async function catalogOf(engine: Dialect["name"]): Promise<Catalog> {
  return engine === "sqlite"
    ? (await import("./sqlite_catalog.ts")).sqliteCatalog
    : (await import("./postgres_catalog.ts")).postgresCatalog;
}
