/** The comparisons of lookups, under Django's names (COMPAT §8.1). */
export const operators = [
  "exact",
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
  "in",
  "gt",
  "gte",
  "lt",
  "lte",
  "range",
  "isnull",
  "regex",
  "iregex",
] as const;

export type Operator = typeof operators[number];

/** Whether a word is one of the comparisons. */
export function isOperator(word: string): word is Operator {
  return (operators as readonly string[]).includes(word);
}
