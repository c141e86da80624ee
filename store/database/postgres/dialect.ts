import type { Dialect } from "../database.ts";
import { quote } from "../sql.ts";
import type { ColumnType } from "../table.ts";
import { regularExpression } from "./regular_expression.ts";
import { typeNames } from "./type_names.ts";
import { arrayLiteral } from "./values.ts";

/** Lower case by Unicode's rules, whatever the database's own are. */
const unicode = `COLLATE "und-x-icu"`;

/** How Postgres says what the engines say differently. */
export const postgresDialect: Dialect = {
  name: "postgres",
  // `~>=~` compares bytes, as SQLite does, and uses the indexes that Django makes for LIKE.
  startsWith: (column, text) =>
    text === "" ? { sql: `${column} IS NOT NULL`, parameters: [] } : {
      sql: `(${column} ~>=~ ? AND ${column} ~<~ ?)`,
      parameters: [text, text + "\u{10FFFF}"],
    },
  contains: (column, text) => ({ sql: `strpos(${column}, ?) > 0`, parameters: [text] }),
  endsWith: (column, text) =>
    text === ""
      ? { sql: `${column} = ''`, parameters: [] }
      : { sql: `right(${column}, ${[...text].length}) = ?`, parameters: [text] },
  valuesOf: (list, type) =>
    // A comparison with it is never true, whatever the column's type.
    list.length === 0 ? { sql: "NULL", parameters: [] } : {
      sql: `SELECT value FROM unnest(?::${arrayType(list, type)}[]) AS list_(value)`,
      parameters: [arrayLiteral(list)],
    },
  // Of `IN (query)` the server expects many rows, and reads the whole table for a handful.
  among: (query) => `= ANY (ARRAY(${query}))`,
  // It may be named once in its own query. Without OFFSET, which keeps the parts together, the
  // server reads whole tables for each round.
  closure: (start, steps) =>
    `WITH RECURSIVE reached(id) AS (${start} UNION
     SELECT step.id FROM reached CROSS JOIN LATERAL (${
      steps.map(({ id, from, where }) => `SELECT ${id} AS id FROM ${from} WHERE ${where}`)
        .join(" UNION ALL ")
    } OFFSET 0) AS step) SELECT id FROM reached`,
  // It knows how many rows a value has, of a term it does not.
  withoutIndex: (column) => column,
  textOrder: (column, descending = false) => `${column} USING ${descending ? "~>~" : "~<~"}`,
  textSigns: { "<": "~<~", "<=": "~<=~", ">": "~>~", ">=": "~>=~" },
  // A view is bound to the tables that were there when it was made.
  unhidden: quote,
  createStatements: async (tables, md5) =>
    (await import("../postgres_ddl.ts")).createStatements(tables, md5),
  lower: (column) => `lower(${column} ${unicode})`,
  matches: (column, pattern, { ignoreCase }) => ({
    sql: `${column} ${unicode} ${ignoreCase ? "~*" : "~"} ?`,
    parameters: [regularExpression(pattern)],
  }),
  jsonText: (column, keys) => ({
    sql: `(${jsonValue(column)} #>> '{}')`,
    parameters: [jsonPath(keys)],
  }),
  jsonNumber: (column, keys) => {
    const value = jsonValue(column);
    const path = jsonPath(keys);
    return {
      sql: `CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${value})::numeric END`,
      parameters: [path, path],
    };
  },
};

/** Numbers are compared as what they are, also with columns that could not hold them. */
function arrayType(list: readonly (string | number)[], type: ColumnType | undefined): string {
  const isText = list.some((value) => typeof value === "string");
  if (type === "boolean" || type === "datetime" || type === "date") return typeNames[type];
  if (isText) return type === undefined || isTextual(type) ? "text" : "numeric";
  return list.every((value) => Number.isSafeInteger(value)) ? "bigint" : "double precision";
}

function isTextual(type: ColumnType): boolean {
  return type === "varchar" || type === "text" || type === "json";
}

function jsonValue(column: string): string {
  return `jsonb_path_query_first((${column})::jsonb, ?::jsonpath, '{}', true)`;
}

/** A path of JSON as SQLite takes it: keys of objects, and whole numbers as places in lists. */
function jsonPath(keys: readonly string[]): string {
  const steps = keys.map((key) => /^\d+$/.test(key) ? `[${key}]` : `.${JSON.stringify(key)}`);
  return `strict $${steps.join("")}`;
}
