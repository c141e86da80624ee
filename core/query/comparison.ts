import type { Condition, Dialect } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { LaminError } from "../../store/errors.ts";
import { sql } from "./condition.ts";
import { parseTimeSpan } from "./instant.ts";
import { compareJson } from "./json_comparison.ts";
import type { Operator } from "./operator.ts";
import type { ColumnTarget } from "./target.ts";
import { compareText, isTextOperator } from "./text_comparison.ts";
import { splitList } from "./text_list.ts";
import { textOf } from "./text_of.ts";
import { parseValue } from "./value.ts";

const signs = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/**
 * What holds for rows whose field compares as asked with a value as it was typed. The value is
 * always bound; the column's name is the definition's. `null` means no value. Throws code "usage"
 * when the field cannot hold the value or cannot be compared so.
 */
export function compare(
  dialect: Dialect,
  column: ColumnTarget,
  operator: Operator,
  value: string,
): Condition {
  const name = quote(column.name);
  if (operator === "isnull") return isNull(column, value);
  if (operator === "exact" && value.toLowerCase() === "null") return isNull(column, "true");
  if (column.definition.type === "json") return compareJson(dialect, column, operator, value);
  if (isTextOperator(operator)) {
    refuseUnlessText(column, operator);
    const isTime = column.definition.type === "datetime" || column.definition.type === "date";
    // Only SQLite keeps times as text.
    const text = isTime && dialect.name === "postgres"
      ? textOf(dialect, name, column.definition)
      : name;
    return compareText(dialect, text, operator, value);
  }
  switch (operator) {
    case "exact":
      return isEqual(column, value);
    case "in":
      return isOneOf(dialect, column, value);
    case "range": {
      const [low, high] = bounds(column, value);
      const [from, to] = [signOf(dialect, column, ">="), signOf(dialect, column, "<=")];
      return sql(
        `(${name} ${from} ? AND ${name} ${to} ?)`,
        parseValue(column, low),
        parseValue(column, high),
      );
    }
    default:
      return sql(
        `${name} ${signOf(dialect, column, signs[operator])} ?`,
        parseValue(column, value),
      );
  }
}

function signOf(
  dialect: Dialect,
  { definition: { type } }: ColumnTarget,
  sign: keyof Dialect["textSigns"],
): string {
  return type === "varchar" || type === "text" ? dialect.textSigns[sign] : sign;
}

/** The two values of a range. Throws code "usage" when there are not two. */
export function bounds({ name }: { readonly name: string }, value: string): [string, string] {
  const [low, high, ...more] = splitList(value);
  if (low !== undefined && high !== undefined && more.length === 0) return [low, high];
  throw new LaminError("usage", `${name}__range takes two values, not '${value}'`, {
    hint: `for example ${name}__range=1,10`,
    data: { field: name, value },
  });
}

/** Whether `value`, after `__isnull=`, asks for rows without a value. Throws code "usage". */
export function asksForNull(name: string, value: string): boolean {
  const asked = { true: true, "1": true, false: false, "0": false }[value.toLowerCase()];
  if (asked !== undefined) return asked;
  throw new LaminError("usage", `${name}__isnull takes true or false, not '${value}'`, {
    data: { field: name, value },
  });
}

function isNull(column: ColumnTarget, value: string): Condition {
  const name = quote(column.name);
  const asked = asksForNull(column.name, value);
  if (column.definition.type !== "json") return sql(`${name} IS ${asked ? "" : "NOT "}NULL`);
  // A column that was left to its default holds JSON's null (COMPAT §14.5).
  const given = `(${name} IS NOT NULL AND CAST(${name} AS TEXT) <> 'null')`;
  return sql(asked ? `NOT ${given}` : given);
}

/** A time that is less exact than those in rows means all of its span: a day, a minute. */
function isEqual(column: ColumnTarget, value: string): Condition {
  const name = quote(column.name);
  const span = column.definition.type === "datetime" ? parseTimeSpan(value) : undefined;
  return span === undefined
    ? sql(`${name} = ?`, parseValue(column, value))
    : sql(`(${name} >= ? AND ${name} < ?)`, span.start, span.end);
}

function isOneOf(dialect: Dialect, column: ColumnTarget, value: string): Condition {
  const values = value === "" ? [] : splitList(value).map((one) => parseValue(column, one));
  const list = dialect.valuesOf(
    values.map((one) => typeof one === "bigint" ? one.toString() : one as string | number),
    column.definition.type,
  );
  return sql(`${quote(column.name)} IN (${list.sql})`, ...list.parameters);
}

function refuseUnlessText({ name, definition }: ColumnTarget, operator: Operator): void {
  const { type } = definition;
  if (type === "varchar" || type === "text" || type === "datetime" || type === "date") return;
  throw new LaminError("usage", `${name} holds no text, so it cannot be asked for '${operator}'`, {
    hint: `compare it with ${name}=…, ${name}__gt=…, ${name}__in=… or ${name}__isnull=…`,
    data: { field: name, operator },
  });
}
