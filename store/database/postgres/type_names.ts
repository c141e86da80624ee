import type { Column, ColumnType } from "../table.ts";

/** The types of Postgres for those of definitions, as LaminDB has them (COMPAT §2.1). */
export const typeNames: Readonly<Record<ColumnType, string>> = {
  id: "integer",
  bigid: "bigint",
  smallid: "smallint",
  integer: "integer",
  smallint: "smallint",
  bigint: "bigint",
  real: "double precision",
  boolean: "boolean",
  varchar: "varchar",
  text: "text",
  json: "jsonb",
  datetime: "timestamp with time zone",
  date: "date",
};

/** The type of a column. */
export function typeOf({ type, verbatim = false }: Column): string {
  return verbatim ? "json" : typeNames[type];
}
