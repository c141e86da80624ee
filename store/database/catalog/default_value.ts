import type { Column, ColumnType } from "../table.ts";

/** What the default of a column was understood to be. */
type Literal = string | number | boolean | "NOW" | undefined;

/** Defaults of texts that are carried at most so long. */
const longest = 1000;

const now =
  /^\(?(strftime\('%Y-%m-%d %H:%M:%f', ?'NOW'\)|current_timestamp|now\(\)|statement_timestamp\(\))\)?$/i;

/**
 * The default of a column in the language of definitions, of the expression that an engine keeps:
 * a literal, or the time of the statement. Undefined for whatever else it says.
 */
export function defaultOf(type: ColumnType, expression: string | null): Column["default"] {
  if (expression === null) return undefined;
  const literal = literalOf(expression.replace(/::[a-z][a-z ]*(\(\d+\))?$/, ""));
  switch (type) {
    case "integer":
    case "smallint":
    case "bigint":
    case "real": {
      // Postgres writes `'-1'::integer`.
      const number = typeof literal === "string" ? literalOf(literal) : literal;
      if (typeof number !== "number") return undefined;
      return type === "real" || Number.isSafeInteger(number) ? number : undefined;
    }
    case "boolean":
      if (literal === 0 || literal === 1) return literal === 1;
      return typeof literal === "boolean" ? literal : undefined;
    case "varchar":
    case "text":
      return typeof literal === "string" && literal !== "NOW" ? literal : undefined;
    case "datetime":
      return literal === "NOW" ? "NOW" : undefined;
    case "json":
      return literal === "null" ? "JSON_NULL" : undefined;
    default:
      return undefined;
  }
}

function literalOf(expression: string): Literal {
  if (now.test(expression)) return "NOW";
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(expression)) return Number(expression);
  if (/^(true|false)$/i.test(expression)) return expression.toLowerCase() === "true";
  const text = /^'((?:[^']|'')*)'$/.exec(expression)?.[1]?.replaceAll("''", "'");
  return text === undefined || text.length > longest ? undefined : text;
}
