import type { Condition, Dialect } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { LaminError } from "../../store/errors.ts";
import type { Registry } from "../registry/registry.ts";
import { snakeCase } from "../registry/words.ts";
import { compare } from "./comparison.ts";
import { anyOf, sql } from "./condition.ts";
import type { Operator } from "./operator.ts";
import { splitList } from "./text_list.ts";

/**
 * What holds for the records that a person means by a value: those with that uid, that name or that
 * id. Comparisons other than equality are made with the name. Throws code "usage" when there is no
 * name.
 */
export function compareRecord(
  dialect: Dialect,
  registry: Registry,
  operator: Exclude<Operator, "isnull">,
  value: string,
): Condition {
  if (operator === "exact") return isCalled(registry, value);
  if (operator === "in") return anyOf(splitList(value).map((one) => isCalled(registry, one)));
  const name = registry.nameField;
  if (name === undefined) {
    const what = snakeCase(registry.model);
    throw new LaminError("usage", `name the field of ${what} that is asked for '${operator}'`, {
      hint: `for example ${what}__uid__${operator}=…`,
      data: { registry: registry.name, operator },
    });
  }
  const definition = registry.columns[name]!;
  return compare(dialect, { name, definition, keys: [], words: undefined }, operator, value);
}

function isCalled(registry: Registry, value: string): Condition {
  const names = new Set(["uid", registry.nameField, "name", "handle"]);
  const conditions = [...names].flatMap((name) => {
    const type = name === undefined ? undefined : registry.columns[name]?.type;
    return type === "varchar" || type === "text" ? [sql(`${quote(name!)} = ?`, value)] : [];
  });
  if (/^-?\d{1,15}$/.test(value)) conditions.push(sql("id = ?", Number(value)));
  return anyOf(conditions);
}
