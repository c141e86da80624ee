import { type Digest, DjangoNames } from "./django_names.ts";
import { quote } from "./sql.ts";
import { isTableConstraint, lowered, quoteCondition } from "./unique.ts";
import type { Column, ColumnType, Table } from "./table.ts";

/**
 * Statements that create `tables` in SQLite as Python LaminDB has them: types, defaults, JSON
 * checks, unique and deferred foreign keys, and indexes under Django's names (COMPAT §2.1). The
 * tables may refer to each other in any order.
 */
export function createStatements(tables: readonly Table[], md5: Digest): string[] {
  const names = new DjangoNames("sqlite", md5);
  return tables.flatMap((table) => [createTable(table), ...createIndexes(table, names)]);
}

const typeNames: Readonly<Record<ColumnType, string>> = {
  id: "integer",
  bigid: "integer",
  smallid: "integer",
  integer: "integer",
  smallint: "smallint",
  bigint: "bigint",
  real: "real",
  boolean: "bool",
  varchar: "varchar",
  text: "text",
  json: "text",
  datetime: "datetime",
  date: "date",
};

function createTable(table: Table): string {
  const parts = Object.entries(table.columns).map(([name, column]) => columnPart(name, column));
  for (const constraint of table.unique.filter(isTableConstraint)) {
    parts.push(
      `CONSTRAINT ${quote(constraint.name!)} UNIQUE (${constraint.columns.map(quote).join(", ")})`,
    );
  }
  for (const { name, sqlite } of table.checks) {
    if (sqlite !== undefined) parts.push(`CONSTRAINT ${quote(name)} CHECK ((${sqlite}))`);
  }
  return `CREATE TABLE ${quote(table.name)} (${parts.join(", ")})`;
}

function columnPart(name: string, column: Column): string {
  const quoted = quote(name);
  if (column.type === "id" || column.type === "bigid" || column.type === "smallid") {
    return `${quoted} integer NOT NULL PRIMARY KEY AUTOINCREMENT`;
  }
  const length = column.length === undefined ? "" : `(${column.length})`;
  return [
    `${quoted} ${typeNames[column.type]}${length}`,
    column.default === undefined ? "" : ` DEFAULT ${defaultOf(column.default)}`,
    column.nullable ? " NULL" : " NOT NULL",
    column.unique ? " UNIQUE" : "",
    column.type === "json" ? ` CHECK ((JSON_VALID(${quoted}) OR ${quoted} IS NULL))` : "",
    column.references === undefined
      ? ""
      : ` REFERENCES ${quote(column.references.table)} ("id") DEFERRABLE INITIALLY DEFERRED`,
  ].join("");
}

function defaultOf(value: NonNullable<Column["default"]>): string {
  if (value === "NOW") return "(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))";
  if (value === "JSON_NULL") return "'null'";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") return String(value);
  return `'${value.replaceAll("'", "''")}'`;
}

function createIndexes(table: Table, names: DjangoNames): string[] {
  const on = (columns: readonly string[]) =>
    `ON ${quote(table.name)} (${columns.map(indexed).join(", ")})`;
  const single = Object.keys(table.columns)
    .filter((name) => table.columns[name]!.indexed && !table.columns[name]!.unique)
    .map((name) => [name]);
  return [
    ...table.unique.filter((unique) => !isTableConstraint(unique)).map(({ name, columns, where }) =>
      `CREATE UNIQUE INDEX ${quote(name ?? names.of(table.name, columns, "_uniq"))} ` +
      on(columns) + (where === undefined ? "" : ` WHERE ${quoteCondition(where)}`)
    ),
    ...[...single, ...table.indexes].map((columns) =>
      `CREATE INDEX ${quote(names.of(table.name, columns))} ${on(columns)}`
    ),
  ];
}

/** A column of an index, or the expression that stands for one. */
function indexed(column: string): string {
  const inner = lowered(column);
  return inner === undefined ? quote(column) : `(LOWER(${quote(inner)}))`;
}
