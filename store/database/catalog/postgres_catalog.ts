import type { Reader } from "../database.ts";
import type { Column } from "../table.ts";
import type { Catalog, CatalogColumn, CatalogIndex, CatalogTable } from "./catalog.ts";
import { defaultOf } from "./default_value.ts";

/** Tables, partitioned tables, views, materialized views and tables of other servers. */
const relations =
  "relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')";

/** Reads Postgres's system catalogs. */
export const postgresCatalog: Catalog = {
  names: async (reader, limit) => {
    const rows = await reader.all<{ name: string }>(
      `SELECT relname::text AS name FROM pg_class WHERE ${relations}
         AND relname LIKE '%\\_%' AND relname NOT LIKE 'lamindb\\_%' AND relname NOT LIKE 'lamin\\_%'
       ORDER BY relname LIMIT ${limit}`,
    );
    return rows.map(({ name }) => name).sort();
  },
  describe: async (reader, names, columnsMax) => {
    const list = reader.dialect.valuesOf(names, "text");
    const rows = await reader.all<{ name: string; number: number; kind: string }>(
      `SELECT relname::text AS name, oid AS number, relkind::text AS kind FROM pg_class
       WHERE ${relations} AND relname::text IN (${list.sql}) ORDER BY relname`,
      list.parameters,
    );
    const tables = rows.filter(({ kind }) => kind === "r" || kind === "p");
    const parts = await partsOf(reader, tables.map(({ number }) => number), columnsMax);
    return rows.map(({ name, number, kind }) =>
      kind === "r" || kind === "p"
        ? tableOf(name, number, parts)
        : { name, kind: "other", columns: [], primary: [], indexes: [], references: [] }
    );
  },
};

interface ColumnRow {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly not_null: number;
  readonly computed: number;
  readonly value: string | null;
}

interface IndexRow {
  readonly number: number;
  readonly is_unique: number;
  readonly is_primary: number;
  /** Names as a JSON list, with null for an expression. */
  readonly columns: string;
}

interface KeyRow {
  readonly number: number;
  readonly columns: string;
  readonly target: string;
  readonly targets: string;
}

interface Parts {
  readonly columns: ReadonlyMap<number, readonly ColumnRow[]>;
  readonly indexes: ReadonlyMap<number, readonly IndexRow[]>;
  readonly keys: ReadonlyMap<number, readonly KeyRow[]>;
}

async function partsOf(reader: Reader, numbers: readonly number[], max: number): Promise<Parts> {
  const { sql, parameters } = reader.dialect.valuesOf(numbers);
  const columns = await reader.all<ColumnRow>(
    `SELECT attrelid AS number, attname::text AS name, format_type(atttypid, atttypmod) AS type,
       attnotnull AS not_null, attgenerated <> '' OR attidentity = 'a' AS computed,
       pg_get_expr(adbin, adrelid) AS value
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid IN (${sql}) AND attnum BETWEEN 1 AND ${max} AND NOT attisdropped
     ORDER BY attrelid, attnum`,
    parameters,
  );
  const indexes = await reader.all<IndexRow>(
    `SELECT indrelid AS number, indisunique AS is_unique, indisprimary AS is_primary,
       ${namesOf("indrelid", "indkey::smallint[]", "place <= indnkeyatts")} AS columns
     FROM pg_index WHERE indrelid IN (${sql}) AND indpred IS NULL AND indisvalid ORDER BY indexrelid`,
    parameters,
  );
  const keys = await reader.all<KeyRow>(
    `SELECT conrelid AS number, ${namesOf("conrelid", "conkey")} AS columns,
       CASE WHEN relnamespace = current_schema()::regnamespace THEN relname ELSE '' END AS target,
       ${namesOf("confrelid", "confkey")} AS targets
     FROM pg_constraint JOIN pg_class ON pg_class.oid = confrelid
     WHERE contype = 'f' AND conrelid IN (${sql}) ORDER BY pg_constraint.oid`,
    parameters,
  );
  const byTable = <R extends { readonly number: number }>(found: readonly R[]) =>
    Map.groupBy(found, ({ number }) => number);
  return { columns: byTable(columns), indexes: byTable(indexes), keys: byTable(keys) };
}

/** The names of columns that a list of their numbers means, as JSON. */
function namesOf(relation: string, numbers: string, condition = "TRUE"): string {
  return `(SELECT json_agg(attname ORDER BY place)::text
    FROM unnest(${numbers}) WITH ORDINALITY AS one(attribute, place)
    LEFT JOIN pg_attribute ON attrelid = ${relation} AND attnum = attribute AND attnum > 0
    WHERE ${condition})`;
}

function tableOf(name: string, number: number, parts: Parts): CatalogTable {
  const indexes = parts.indexes.get(number) ?? [];
  const primary = indexes.find(({ is_primary }) => is_primary !== 0);
  const primaryNames = primary === undefined ? [] : columnsIn(primary);
  return {
    name,
    kind: "table",
    columns: (parts.columns.get(number) ?? []).map((row) =>
      columnOf(row, primaryNames.includes(row.name))
    ),
    primary: primaryNames,
    indexes: indexes.filter((index) => index !== primary).flatMap((index): CatalogIndex[] => {
      const columns = JSON.parse(index.columns) as (string | null)[];
      if (columns.includes(null)) return [];
      return [{ columns: columns as string[], isUnique: index.is_unique !== 0 }];
    }),
    references: (parts.keys.get(number) ?? []).flatMap((key) => {
      const targets = JSON.parse(key.targets) as string[];
      return (JSON.parse(key.columns) as string[]).map((column) => ({
        column,
        table: key.target,
        // Several columns together point to nothing that a row's id could say.
        to: targets.length > 1 ? "" : targets[0]!,
      }));
    }),
  };
}

function columnsIn({ columns }: IndexRow): string[] {
  return (JSON.parse(columns) as (string | null)[]).filter((name) => name !== null);
}

function columnOf(row: ColumnRow, isPrimary: boolean): CatalogColumn {
  const type = isPrimary ? keyTypes[row.type] : typeOf(row.type);
  const value = type === undefined ? undefined : defaultOf(type.type, row.value);
  return {
    name: row.name,
    declared: row.type,
    type,
    nullable: row.not_null === 0,
    ...(value === undefined ? {} : { default: value }),
    isComputed: row.computed !== 0,
  };
}

const keyTypes: Readonly<Record<string, CatalogColumn["type"]>> = {
  integer: { type: "id" },
  bigint: { type: "bigid" },
  smallint: { type: "smallid" },
};

const types: Readonly<Record<string, Column["type"]>> = {
  integer: "integer",
  smallint: "smallint",
  bigint: "bigint",
  boolean: "boolean",
  "double precision": "real",
  text: "text",
  "character varying": "text",
  jsonb: "json",
  "timestamp with time zone": "datetime",
  date: "date",
};

function typeOf(declared: string): CatalogColumn["type"] {
  const length = /^character varying\((\d{1,8})\)$/.exec(declared)?.[1];
  if (length !== undefined) return { type: "varchar", length: Number(length) };
  const type = Object.hasOwn(types, declared) ? types[declared] : undefined;
  return type && { type };
}
