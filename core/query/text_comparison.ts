import type { Condition, Dialect } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Operator } from "./operator.ts";

const textOperators = [
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
  "regex",
  "iregex",
] as const satisfies readonly Operator[];

export type TextOperator = typeof textOperators[number];

/** Whether a comparison is one of texts alone. */
export function isTextOperator(operator: Operator): operator is TextOperator {
  return (textOperators as readonly string[]).includes(operator);
}

/**
 * What holds for texts that compare as asked; `text` is SQL without parameters. Case counts unless
 * the operator starts with `i` (on SQLite, Django's Python ignores the case of ASCII letters
 * throughout). Throws code "usage" for a regular expression that is none.
 */
export function compareText(
  dialect: Dialect,
  text: string,
  operator: TextOperator,
  value: string,
): Condition {
  const lower = value.toLowerCase();
  switch (operator) {
    case "iexact":
      return { sql: `${dialect.lower(text)} = ?`, parameters: [lower] };
    case "contains":
      return dialect.contains(text, value);
    case "icontains":
      return dialect.contains(dialect.lower(text), lower);
    case "startswith":
      return dialect.startsWith(text, value);
    case "istartswith":
      return dialect.startsWith(dialect.lower(text), lower);
    case "endswith":
      return dialect.endsWith(text, value);
    case "iendswith":
      return dialect.endsWith(dialect.lower(text), lower);
    case "regex":
    case "iregex":
      requireRegularExpression(value);
      return dialect.matches(text, value, { ignoreCase: operator === "iregex" });
  }
}

function requireRegularExpression(pattern: string): void {
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    throw new LaminError("usage", `'${pattern}' is no regular expression`, {
      cause,
      data: { pattern },
    });
  }
}
