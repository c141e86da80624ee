import type { Condition, Dialect } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { LaminError } from "../../store/errors.ts";
import { anyOf, sql } from "./condition.ts";
import type { Operator } from "./operator.ts";
import { compareText, isTextOperator } from "./text_comparison.ts";
import { splitList } from "./text_list.ts";

const signs = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

interface JsonTarget {
  readonly name: string;
  readonly keys: readonly string[];
}

/**
 * What holds for rows whose JSON, at a path into it, compares as asked: numbers as numbers,
 * everything else as text (a date as its ISO form, so in the order of time).
 */
export function compareJson(
  dialect: Dialect,
  target: JsonTarget,
  operator: Exclude<Operator, "isnull">,
  value: string,
): Condition {
  const text = dialect.jsonText(quote(target.name), target.keys);
  if (isTextOperator(operator)) return compareTextOf(dialect, text, operator, value);
  const number = dialect.jsonNumber(quote(target.name), target.keys);
  const against = (sign: keyof Dialect["textSigns"], given: string) => {
    const parsed = numberIn(given);
    return parsed === undefined
      ? sql(`(${text.sql}) ${dialect.textSigns[sign]} ?`, ...text.parameters, given)
      : sql(`(${number.sql}) ${sign} ?`, ...number.parameters, parsed);
  };
  switch (operator) {
    case "exact":
      return isEqual(text, number, value);
    case "in":
      return anyOf(splitList(value).map((one) => isEqual(text, number, one)));
    case "range": {
      const [low, high, ...more] = splitList(value);
      if (low === undefined || high === undefined || more.length > 0) throw notTwo(target, value);
      const [from, to] = [against(">=", low), against("<=", high)];
      return sql(`(${from.sql} AND ${to.sql})`, ...from.parameters, ...to.parameters);
    }
    default:
      return against(signs[operator], value);
  }
}

/**
 * Equal as text, or as number when it is written otherwise (3 and 3.0); Python's words for truth
 * too.
 */
function isEqual(text: Condition, number: Condition, value: string): Condition {
  const word = value === "True" || value === "False" ? value.toLowerCase() : value;
  const asText = sql(`(${text.sql}) = ?`, ...text.parameters, word);
  const parsed = numberIn(value);
  if (parsed === undefined) return asText;
  return anyOf([sql(`(${number.sql}) = ?`, ...number.parameters, parsed), asText]);
}

/**
 * A text comparison of SQL that has parameters of its own: they come once for each time it occurs.
 */
function compareTextOf(
  dialect: Dialect,
  text: Condition,
  operator: Parameters<typeof compareText>[2],
  value: string,
): Condition {
  const name = "json_text";
  const compared = compareText(dialect, name, operator, value);
  return {
    sql: `(SELECT ${compared.sql} FROM (SELECT ${text.sql} AS ${name}) AS json_value)`,
    parameters: [...compared.parameters, ...text.parameters],
  };
}

function numberIn(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

function notTwo({ name }: JsonTarget, value: string): LaminError {
  return new LaminError("usage", `${name}__range takes two values, not '${value}'`, {
    hint: `for example ${name}__range=1,10`,
    data: { field: name, value },
  });
}
