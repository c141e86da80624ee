import type { Dialect, SqlValue } from "../database.ts";
import { regularExpression } from "./regular_expression.ts";
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
  valuesOf: (list) => ({
    sql: `SELECT value FROM unnest(?::${arrayType(list)}) AS list_(value)`,
    parameters: [arrayLiteral(list as readonly SqlValue[])],
  }),
  lower: (column) => `lower(${column} ${unicode})`,
  matches: (column, pattern, { ignoreCase }) => ({
    sql: `${column} ${ignoreCase ? "~*" : "~"} ?`,
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

function arrayType(list: readonly (string | number)[]): string {
  if (list.some((value) => typeof value === "string")) return "text[]";
  return list.every((value) => Number.isSafeInteger(value)) ? "bigint[]" : "double precision[]";
}

function jsonValue(column: string): string {
  return `jsonb_path_query_first((${column})::jsonb, ?::jsonpath, '{}', true)`;
}

/** A path of JSON as SQLite understands its own: keys of objects, whole numbers as places in lists. */
function jsonPath(keys: readonly string[]): string {
  const steps = keys.map((key) => /^\d+$/.test(key) ? `[${key}]` : `.${JSON.stringify(key)}`);
  return `strict $${steps.join("")}`;
}
