import type { Column } from "../../store/database/table.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import type { Relation } from "../registry/relation.ts";
import { aliasesOf, statusesOf } from "./alias.ts";
import { isOperator, type Operator } from "./operator.ts";
import { unknownField } from "./unknown_field.ts";

/** What a name such as `run__transform__key__startswith` leads to. */
export interface Target {
  /** Relations from the registry that was asked for, in order. */
  readonly steps: readonly Relation[];
  /** Where they lead. */
  readonly registry: Registry;
  /** The field there; undefined when the name ends with a relation and means the record itself. */
  readonly column: ColumnTarget | undefined;
  readonly operator: Operator;
}

export interface ColumnTarget {
  readonly name: string;
  readonly definition: Column;
  /** Path into a JSON field. */
  readonly keys: readonly string[];
  /** Words that stand for numbers of this field. */
  readonly words: Readonly<Record<string, number>> | undefined;
}

/**
 * Follows the parts of a name through the definitions, in either direction of relations and to any
 * depth. Throws code "usage" with the nearest names when a part is neither field, relation, alias
 * nor, at the end, an operator.
 */
export function resolveTarget(
  registries: RegistrySet,
  registry: Registry,
  segments: readonly string[],
): Target {
  const steps: Relation[] = [];
  const rest = [...segments];
  let here = registry;
  while (rest.length > 0) {
    const name = rest[0]!;
    const alias = aliasesOf(here).get(name);
    if (alias !== undefined) {
      const words = name === "status" ? statusesOf(here) : undefined;
      rest.splice(0, 1, ...alias);
      if (words !== undefined) return atColumn(registries, here, steps, rest, words);
      continue;
    }
    if (name in here.columns) return atColumn(registries, here, steps, rest, undefined);
    const relation = registries.relation(here, name);
    if (relation === undefined) return atRecord(registries, here, steps, rest);
    steps.push(relation);
    here = relation.registry;
    rest.shift();
  }
  return { steps, registry: here, column: undefined, operator: "exact" };
}

function atColumn(
  registries: RegistrySet,
  registry: Registry,
  steps: readonly Relation[],
  rest: readonly string[],
  words: ColumnTarget["words"],
): Target {
  const [name, ...after] = rest as [string, ...string[]];
  const definition = registry.columns[name]!;
  const last = after.at(-1);
  const operator = last !== undefined && isOperator(last) ? last : "exact";
  const keys = operator === "exact" && last !== "exact" ? after : after.slice(0, -1);
  const isPath = definition.type === "json" &&
    keys.every((key) => key !== "" && !/["\0]/.test(key));
  if (keys.length > 0 && !isPath) throw unknownField(registries, registry, keys[0]!, name);
  return { steps, registry, column: { name, definition, keys, words }, operator };
}

/** A name that ends with a relation, with or without an operator. */
function atRecord(
  registries: RegistrySet,
  registry: Registry,
  steps: readonly Relation[],
  rest: readonly string[],
): Target {
  const [operator, ...more] = rest;
  if (steps.length === 0 || more.length > 0 || !isOperator(operator!)) {
    throw unknownField(registries, registry, operator!);
  }
  return { steps, registry, column: undefined, operator };
}
