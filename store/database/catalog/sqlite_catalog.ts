import type { Reader } from "../database.ts";
import type { Column } from "../table.ts";
import type { Catalog, CatalogColumn, CatalogTable } from "./catalog.ts";
import { defaultOf } from "./default_value.ts";

/** Characters of a table's definition that are looked at for what pragmas do not tell. */
const sqlMax = 50_000;

/** Reads SQLite's pragmas and the text of its schema; views are not looked into. */
export const sqliteCatalog: Catalog = {
  names: async (reader, limit) => {
    const rows = await reader.all<{ name: string }>(
      `SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view')
         AND name LIKE '%\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND name NOT LIKE 'lamindb\\_%' ESCAPE '\\' AND name NOT LIKE 'lamin\\_%' ESCAPE '\\'
       ORDER BY name LIMIT ${limit}`,
    );
    return rows.map(({ name }) => String(name));
  },
  describe: async (reader, names, columnsMax) => {
    const list = reader.dialect.valuesOf(names);
    const rows = await reader.all<{ name: string; sql: string | null }>(
      `SELECT name, substr(sql, 1, ${sqlMax}) AS sql FROM main.sqlite_master
       WHERE type IN ('table', 'view') AND name IN (${list.sql}) ORDER BY name`,
      list.parameters,
    );
    // A view, or a module that the file's maker chose, must not be asked anything.
    const tables = rows.filter(({ sql }) => /^CREATE TABLE\b/i.test(sql ?? ""));
    const parts = await partsOf(reader, tables.map(({ name }) => name), columnsMax);
    return rows.map((row) =>
      tables.includes(row) ? tableOf(row.name, row.sql!, parts) : other(row.name)
    );
  },
};

function other(name: string): CatalogTable {
  return { name, kind: "other", columns: [], primary: [], indexes: [], references: [] };
}

interface ColumnRow {
  readonly table_name: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
  readonly hidden: number;
}

interface IndexRow {
  readonly table_name: string;
  readonly index_name: string;
  readonly unique: number;
  readonly origin: string;
  readonly partial: number;
  /** NULL for an expression. */
  readonly column: string | null;
}

interface KeyRow {
  readonly table_name: string;
  readonly id: number;
  readonly column: string;
  readonly target: string;
  readonly to: string | null;
}

interface Parts {
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
  readonly keys: ReadonlyMap<string, readonly KeyRow[]>;
}

async function partsOf(reader: Reader, names: readonly string[], max: number): Promise<Parts> {
  const { sql, parameters } = reader.dialect.valuesOf(names);
  const tables = `(${sql}) AS one`;
  const columns = await reader.all<ColumnRow>(
    `SELECT one.value AS table_name, it.name, it.type, it."notnull", it.dflt_value, it.pk, it.hidden
     FROM ${tables}, pragma_table_xinfo(one.value, 'main') AS it WHERE it.cid < ${max}
     ORDER BY 1, it.cid`,
    parameters,
  );
  const indexes = await reader.all<IndexRow>(
    `SELECT one.value AS table_name, it.name AS index_name, it."unique", it.origin, it.partial,
       part.name AS "column"
     FROM ${tables}, pragma_index_list(one.value, 'main') AS it,
       pragma_index_info(it.name, 'main') AS part
     ORDER BY 1, it.name, part.seqno`,
    parameters,
  );
  const keys = await reader.all<KeyRow>(
    `SELECT one.value AS table_name, it.id, it."from" AS "column", it."table" AS target, it."to"
     FROM ${tables}, pragma_foreign_key_list(one.value, 'main') AS it ORDER BY 1, it.id, it.seq`,
    parameters,
  );
  const byTable = <R extends { readonly table_name: string }>(found: readonly R[]) =>
    Map.groupBy(found, ({ table_name }) => table_name);
  return { columns: byTable(columns), indexes: byTable(indexes), keys: byTable(keys) };
}

function tableOf(name: string, sql: string, parts: Parts): CatalogTable {
  const columns = parts.columns.get(name) ?? [];
  const indexes = Map.groupBy(parts.indexes.get(name) ?? [], ({ index_name }) => index_name);
  const keys = Map.groupBy(parts.keys.get(name) ?? [], ({ id }) => id);
  // With an index of its own the primary key is not what SQLite numbers rows by.
  const isNumbered = ![...indexes.values()].some(([first]) => first!.origin === "pk");
  const primary = columns.filter(({ pk }) => pk > 0);
  return {
    name,
    kind: "table",
    columns: columns.map((column) => columnOf(column, sql)),
    primary: isNumbered ? primary.map((column) => column.name) : [],
    indexes: [...indexes.values()].flatMap((parts) => {
      const { partial, unique } = parts[0]!;
      const names = parts.map(({ column }) => column);
      if (partial !== 0 || names.includes(null)) return [];
      return [{ columns: names as string[], isUnique: unique !== 0 }];
    }),
    references: [...keys.values()].flatMap((parts) =>
      parts.map(({ column, target, to }) => ({
        column,
        table: target,
        // Several columns together point to nothing that a row's id could say.
        to: parts.length > 1 ? "" : to ?? "id",
      }))
    ),
  };
}

function columnOf(row: ColumnRow, sql: string): CatalogColumn {
  const declared = row.type.toLowerCase();
  const isJson = sql.toLowerCase().includes(`json_valid("${row.name.toLowerCase()}")`);
  const type = row.pk > 0 && declared === "integer"
    ? { type: "bigid" as const }
    : typeOf(declared, isJson);
  const value = type === undefined ? undefined : defaultOf(type.type, row.dflt_value);
  return {
    name: row.name,
    declared,
    type,
    nullable: row.notnull === 0 && row.pk === 0,
    ...(value === undefined ? {} : { default: value }),
    isComputed: row.hidden !== 0,
  };
}

const types: Readonly<Record<string, Column["type"]>> = {
  integer: "integer",
  int: "integer",
  "integer unsigned": "integer",
  smallint: "smallint",
  "smallint unsigned": "smallint",
  bigint: "bigint",
  "bigint unsigned": "bigint",
  bool: "boolean",
  boolean: "boolean",
  real: "real",
  float: "real",
  double: "real",
  "double precision": "real",
  datetime: "datetime",
  date: "date",
  varchar: "text",
};

/** Postgres takes no longer ones, nor any without a character. */
function varchar(length: number): CatalogColumn["type"] {
  return length > 0 && length <= 1_000_000 ? { type: "varchar", length } : { type: "text" };
}

function typeOf(declared: string, isJson: boolean): CatalogColumn["type"] {
  if (declared === "text") return { type: isJson ? "json" : "text" };
  const length = /^(?:var)?char\((\d{1,8})\)$/.exec(declared)?.[1];
  if (length !== undefined) return varchar(Number(length));
  const type = Object.hasOwn(types, declared) ? types[declared] : undefined;
  return type && { type };
}
