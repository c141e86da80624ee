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
  const value = meant(type, literalOf(expression.replace(/::[a-z][a-z ]*(\(\d+\))?$/, "")));
  return isDefaultOf(type, value) ? value : undefined;
}

/** What a literal means as a value of a column: Postgres writes `'-1'::integer`. */
function meant(type: ColumnType, literal: Literal): Literal | "JSON_NULL" {
  if (type === "boolean" && (literal === 0 || literal === 1)) return literal === 1;
  if (type === "json" && literal === "null") return "JSON_NULL";
  return isNumeric(type) && typeof literal === "string" ? literalOf(literal) : literal;
}

function isNumeric(type: ColumnType): boolean {
  return ["integer", "smallint", "bigint", "real"].includes(type);
}

/** Whether something can be the default of a column of a type. */
export function isDefaultOf(type: ColumnType, value: unknown): value is Column["default"] {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "varchar":
    case "text":
      return typeof value === "string" && value.length <= longest &&
        !["NOW", "JSON_NULL"].includes(value);
    case "datetime":
      return value === "NOW";
    case "json":
      return value === "JSON_NULL";
    default:
      if (!isNumeric(type)) return false;
      return type === "real" ? Number.isFinite(value) : Number.isSafeInteger(value);
  }
}

function literalOf(expression: string): Literal {
  if (now.test(expression)) return "NOW";
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(expression)) return Number(expression);
  if (/^(true|false)$/i.test(expression)) return expression.toLowerCase() === "true";
  const text = /^'((?:[^']|'')*)'$/.exec(expression)?.[1]?.replaceAll("''", "'");
  return text === undefined || text.length > longest ? undefined : text;
}
