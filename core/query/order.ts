import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import { aliasesOf } from "./alias.ts";
import { unknownField } from "./unknown_field.ts";

/**
 * SQL after ORDER BY for fields such as `-size`, `key` (`-`: from high to low); newest first when none
 * is given. Rows without a value come last; ties are in the order in which rows were made. Throws code
 * "usage" for a field that the registry does not have.
 */
export function orderOf(
  registries: RegistrySet,
  registry: Registry,
  fields: readonly string[],
): string {
  if (fields.length === 0) {
    const newest = ["created_at", "started_at"].find((name) => name in registry.columns);
    return newest === undefined ? "id DESC" : `${quote(newest)} DESC, id DESC`;
  }
  const terms = fields.map((field) => {
    const descending = field.startsWith("-");
    const asked = descending ? field.slice(1) : field;
    const alias = aliasesOf(registry).get(asked);
    const name = alias?.length === 1 ? alias[0]! : asked;
    if (!(name in registry.columns)) throw unknownField(registries, registry, asked);
    const nullable = registry.columns[name]!.nullable ? " NULLS LAST" : "";
    return `${quote(name)} ${descending ? "DESC" : "ASC"}${nullable}`;
  });
  return [...terms, fields[0]!.startsWith("-") ? "id DESC" : "id"].join(", ");
}
