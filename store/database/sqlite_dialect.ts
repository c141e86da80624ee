import type { DatabaseSync } from "node:sqlite";
import type { Dialect } from "./database.ts";
import { quote } from "./sql.ts";

/** How SQLite says what the engines say differently. */
export const sqliteDialect: Dialect = {
  name: "sqlite",
  // LIKE ignores the case of letters in SQLite; comparison, instr and substr do not.
  startsWith: (column, text) =>
    text === ""
      ? { sql: `${column} IS NOT NULL`, parameters: [] }
      : { sql: `(${column} >= ? AND ${column} < ?)`, parameters: [text, text + "\u{10FFFF}"] },
  contains: (column, text) => ({ sql: `instr(${column}, ?) > 0`, parameters: [text] }),
  endsWith: (column, text) => ({
    sql: `substr(${column}, -length(?)) = ?`,
    parameters: [text, text],
  }),
  valuesOf: (list) => ({
    sql: "SELECT value FROM json_each(?)",
    parameters: [JSON.stringify(list)],
  }),
  among: (query) => `IN (${query})`,
  // Each step begins at the row that was reached: it is the only table with one row.
  closure: (start, steps) =>
    [
      `WITH RECURSIVE reached(id) AS (${start}`,
      ...steps.map(({ id, from, where }) =>
        `UNION SELECT ${id} FROM reached CROSS JOIN ${from} WHERE ${where}`
      ),
    ].join("\n") + ") SELECT id FROM reached",
  withoutIndex: (column) => `+${column}`,
  textOrder: (column, descending = false) => `${column} ${descending ? "DESC" : "ASC"}`,
  textSigns: { "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
  unhidden: (table) => `main.${quote(table)}`,
  createStatements: async (tables, md5) =>
    (await import("./sqlite_ddl.ts")).createStatements(tables, md5),
  lower: (column) => `lamin_lower(${column})`,
  matches: (column, pattern, { ignoreCase }) => ({
    sql: `lamin_matches(${column}, ?, ${ignoreCase ? 1 : 0})`,
    parameters: [pattern],
  }),
  jsonText: (column, keys) => {
    const path = jsonPath(keys);
    return {
      sql: `CASE WHEN json_valid(${column}, 6) THEN CASE json_type(${column}, ?) ` +
        "WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN NULL " +
        `ELSE CAST(json_extract(${column}, ?) AS TEXT) END END`,
      parameters: [path, path],
    };
  },
  jsonNumber: (column, keys) => {
    const path = jsonPath(keys);
    return {
      sql:
        `CASE WHEN json_valid(${column}, 6) AND json_type(${column}, ?) IN ('integer', 'real') ` +
        `THEN json_extract(${column}, ?) END`,
      parameters: [path, path],
    };
  },
};

/**
 * Gives a connection the functions that the dialect calls: SQLite's own `lower` knows ASCII only.
 */
export function addFunctions(handle: DatabaseSync): void {
  handle.function(
    "lamin_lower",
    { deterministic: true },
    (value) => typeof value === "string" ? value.toLowerCase() : value,
  );
  let last: { pattern: string; ignoreCase: boolean; expression: RegExp } | undefined;
  handle.function("lamin_matches", { deterministic: true }, (value, source, flag) => {
    if (typeof value !== "string") return null;
    const [pattern, ignoreCase] = [String(source), flag === 1];
    if (last?.pattern !== pattern || last.ignoreCase !== ignoreCase) {
      last = { pattern, ignoreCase, expression: new RegExp(pattern, ignoreCase ? "iu" : "u") };
    }
    return last.expression.test(value) ? 1 : 0;
  });
}

/** A path of JSON for SQLite, as a parameter: keys in quotes, whole numbers as places in a list. */
function jsonPath(keys: readonly string[]): string {
  return "$" + keys.map((key) => /^\d+$/.test(key) ? `[${key}]` : `."${key}"`).join("");
}
