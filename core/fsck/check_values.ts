import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Column, Table } from "../../store/database/table.ts";
import type { Instance } from "../instance/instance.ts";
import { lamindbRegistries } from "../registry/lamindb/index.ts";
import type { Registry } from "../registry/registry.ts";
import { ownTables } from "../side_tables.ts";

/** Most faults that are told; the first ones say enough. */
const toldMax = 20;

/**
 * Tables and columns that are missing, and values that columns cannot have: SQLite lets anything
 * into any column, and what reads them relies on the definitions. Of tables that not every instance
 * has, those are looked at that are there. Nothing where an engine keeps types itself, or the
 * schema is another one.
 */
export async function valueFaults(
  { schema }: Instance,
  reader: Reader,
  registries: readonly Registry[],
): Promise<string[]> {
  if (reader.dialect.name !== "sqlite" || schema.state !== "known") return [];
  const faults: string[] = [];
  for (const table of new Set<Registry>([...lamindbRegistries, ...ownTables, ...registries])) {
    if (faults.length >= toldMax) break;
    if (await reader.hasTable(table.name)) faults.push(...await faultsIn(reader, table));
    else if (table.module === "lamindb") faults.push(`the table ${table.name} is missing`);
  }
  return faults.slice(0, toldMax);
}

async function faultsIn(reader: Reader, table: Table): Promise<string[]> {
  const present = new Set(await reader.columnsOf(table.name));
  const columns = Object.entries(table.columns);
  const missing = columns.filter(([name]) => !present.has(name));
  if (missing.length > 0) {
    return missing.map(([name]) => `the table ${table.name} has no column ${name}`);
  }
  const misfits = columns.map(([name, column]) => [name, misfit(quote(name), column)] as const);
  const which = misfits.map(([name, condition]) => `WHEN ${condition} THEN '${name}'`).join(" ");
  const rows = await reader.all<{ row: string; name: string }>(
    `SELECT CAST(rowid AS TEXT) AS "row", CASE ${which} END AS name FROM ${quote(table.name)}
     WHERE ${misfits.map(([, condition]) => condition).join(" OR ")} LIMIT ${toldMax}`,
  );
  return rows.map(({ row, name }) =>
    `row ${row} of ${table.name} has no ${wanted(table.columns[name]!)} as ${name}`
  );
}

/** What is true, never NULL, of a value that the column cannot have. */
function misfit(name: string, column: Column): string {
  const fits = fit(name, column);
  return column.nullable
    ? `(${name} IS NOT NULL AND (${fits}) IS NOT TRUE)`
    : `((${fits}) IS NOT TRUE)`;
}

function fit(name: string, { type }: Column): string {
  switch (type) {
    case "varchar":
    case "text":
      return `typeof(${name}) = 'text'`;
    case "json":
      // JSON5, since Python writes NaN and Infinity.
      return `typeof(${name}) = 'text' AND json_valid(${name}, 2)`;
    case "datetime":
    case "date":
      return `typeof(${name}) = 'text' AND julianday(${name}) IS NOT NULL`;
    case "real":
      return `typeof(${name}) IN ('real', 'integer')`;
    case "boolean":
      return `typeof(${name}) = 'integer' AND ${name} IN (0, 1)`;
    default:
      return `typeof(${name}) = 'integer' AND ${name} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ` +
        `${Number.MAX_SAFE_INTEGER}`;
  }
}

function wanted({ type }: Column): string {
  switch (type) {
    case "varchar":
    case "text":
      return "text";
    case "json":
      return "JSON";
    case "datetime":
    case "date":
      return "time";
    case "real":
      return "number";
    case "boolean":
      return "true or false";
    default:
      return "whole number";
  }
}
