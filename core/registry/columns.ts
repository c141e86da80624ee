import type {
  Column,
  ColumnDefault,
  ColumnType,
  Generated,
  OnDelete,
  Reference,
} from "../../store/database/table.ts";

/** What a column may say about itself besides its type. */
interface Settings {
  readonly unique?: boolean;
  readonly indexed?: boolean;
  readonly default?: ColumnDefault;
  readonly appDefault?: boolean | number | string;
  readonly generated?: Generated;
  readonly verbatim?: boolean;
}

function column<T>(type: ColumnType, nullable: boolean, settings: Settings & { length?: number }) {
  const { unique = false, indexed = false, ...rest } = settings;
  return { type, nullable, unique, indexed, ...rest } as Column<T>;
}

/**
 * Builders of columns that must have a value; `optional` has the same builders for those that may
 * be NULL.
 */
export const id = (): Column<number> => column("id", false, {});
export const bigId = (): Column<number> => column("bigid", false, {});
export const smallId = (): Column<number> => column("smallid", false, {});
export const integer = (s: Settings = {}): Column<number> => column("integer", false, s);
export const smallint = (s: Settings = {}): Column<number> => column("smallint", false, s);
export const bigint = (s: Settings = {}): Column<number> => column("bigint", false, s);
export const boolean = (s: Settings = {}): Column<boolean> => column("boolean", false, s);
export const varchar = (length: number, s: Settings = {}): Column<string> =>
  column("varchar", false, { ...s, length });
export const text = (s: Settings = {}): Column<string> => column("text", false, s);
/** JSON as its text, since LaminDB compares it as text on SQLite. */
export const json = (s: Settings = {}): Column<string> => column("json", false, s);
/** `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC, as text. */
export const datetime = (s: Settings = {}): Column<string> => column("datetime", false, s);
export const date = (s: Settings = {}): Column<string> => column("date", false, s);

export const optional = {
  integer: (s: Settings = {}): Column<number | null> => column("integer", true, s),
  smallint: (s: Settings = {}): Column<number | null> => column("smallint", true, s),
  bigint: (s: Settings = {}): Column<number | null> => column("bigint", true, s),
  boolean: (s: Settings = {}): Column<boolean | null> => column("boolean", true, s),
  varchar: (length: number, s: Settings = {}): Column<string | null> =>
    column("varchar", true, { ...s, length }),
  text: (s: Settings = {}): Column<string | null> => column("text", true, s),
  json: (s: Settings = {}): Column<string | null> => column("json", true, s),
  datetime: (s: Settings = {}): Column<string | null> => column("datetime", true, s),
  date: (s: Settings = {}): Column<string | null> => column("date", true, s),
  foreign: (table: string, s: ForeignSettings = {}): Column<number | null> =>
    foreignColumn(table, true, s),
};

interface ForeignSettings extends Settings {
  /** `PROTECT` unless said. */
  readonly onDelete?: OnDelete;
  /** Name under which the other row finds this one; without it, it does not. */
  readonly reverse?: string;
  /** The integer type of the other table's key, where it is not LaminDB's. */
  readonly type?: KeyType;
}

type KeyType = "integer" | "bigint" | "smallint";

/** LaminDB's registries whose keys are not plain integers. */
const keyTypes: Readonly<Record<string, KeyType>> = {
  lamindb_run: "bigint",
  lamindb_jsonvalue: "bigint",
  lamindb_block: "bigint",
  lamindb_space: "smallint",
};

/**
 * A foreign key; indexed, as Django makes them, unless `indexed: false`. Its column ends with
 * `_id`; the relation is called as the column without that.
 */
export const foreign = (table: string, s: ForeignSettings = {}): Column<number> =>
  foreignColumn(table, false, s);

function foreignColumn<T>(table: string, nullable: boolean, s: ForeignSettings): Column<T> {
  const { onDelete = "PROTECT", reverse, type, ...settings } = s;
  const references: Reference = { table, onDelete, ...(reverse === undefined ? {} : { reverse }) };
  return {
    ...column<T>(type ?? keyTypes[table] ?? "integer", nullable, { indexed: true, ...settings }),
    references,
  };
}
