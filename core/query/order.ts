import type { Dialect } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import { aliasesOf } from "./alias.ts";
import { unknownField } from "./unknown_field.ts";

/** One field to order by. */
export interface OrderTerm {
  readonly column: string;
  readonly isText: boolean;
  readonly descending: boolean;
  readonly nullable: boolean;
  /** Whether the database has an index in this order. */
  readonly indexed: boolean;
}

/**
 * The terms for fields such as `-size`, `key` (`-`: from high to low); newest first when none is
 * given. Ties are in the order in which rows were made. Throws code "usage" for a field that the
 * registry does not have.
 */
export function orderOf(
  registries: RegistrySet,
  registry: Registry,
  fields: readonly string[],
): OrderTerm[] {
  if (fields.length === 0) {
    const newest = ["created_at", "started_at"].find((name) => name in registry.columns);
    return [
      ...newest === undefined ? [] : [term(registry, newest, true)],
      term(registry, "id", true),
    ];
  }
  const terms = fields.map((field) => {
    const descending = field.startsWith("-");
    const asked = descending ? field.slice(1) : field;
    const alias = aliasesOf(registry).get(asked);
    const name = alias?.length === 1 ? alias[0]! : asked;
    if (!(name in registry.columns)) throw unknownField(registries, registry, asked);
    return term(registry, name, descending);
  });
  return [...terms, term(registry, "id", terms[0]!.descending)];
}

function term(registry: Registry, column: string, descending: boolean): OrderTerm {
  const { type, indexed, unique, nullable } = registry.columns[column]!;
  const isText = type === "varchar" || type === "text";
  return { column, isText, descending, nullable, indexed: indexed || unique || column === "id" };
}

/** Terms as SQL after ORDER BY; rows without a value come last. */
export function orderSql(dialect: Dialect, terms: readonly OrderTerm[], before = ""): string {
  return terms.map(({ column, isText, descending, nullable }) => {
    const name = `${before}${quote(column)}`;
    const term = isText
      ? dialect.textOrder(name, descending)
      : `${name} ${descending ? "DESC" : "ASC"}`;
    return `${term}${nullable ? " NULLS LAST" : ""}`;
  }).join(", ");
}
