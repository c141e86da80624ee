import type { Condition, SqlValue } from "../../store/database/database.ts";

/** SQL with the values of its `?`. */
export function sql(text: string, ...parameters: readonly SqlValue[]): Condition {
  return { sql: text, parameters };
}

/** What holds when all of the conditions hold; always, when there are none. */
export function allOf(conditions: readonly Condition[]): Condition {
  return joined(conditions, " AND ", "TRUE");
}

/** What holds when one of the conditions holds; never, when there are none. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return joined(conditions, " OR ", "FALSE");
}

/** What holds when the condition does not, be it that it is unknown. */
export function unless(condition: Condition): Condition {
  return { sql: `(${condition.sql}) IS NOT TRUE`, parameters: condition.parameters };
}

/** The condition followed by more SQL. */
export function followedBy(
  { sql: start, parameters }: Condition,
  text: string,
  ...more: readonly SqlValue[]
): Condition {
  return { sql: `${start} ${text}`, parameters: [...parameters, ...more] };
}

function joined(conditions: readonly Condition[], operator: string, none: string): Condition {
  if (conditions.length === 1) return conditions[0]!;
  return {
    sql: conditions.length === 0
      ? none
      : `(${conditions.map((condition) => condition.sql).join(operator)})`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
