import { LaminError } from "../../store/errors.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName, type RegistrySet } from "../registry/registry_set.ts";
import { snakeCase } from "../registry/words.ts";
import { nearest } from "../text/nearest.ts";
import { aliasesOf } from "./alias.ts";
import { operators } from "./operator.ts";

/**
 * The failure for a word that is neither field nor relation of a registry, or, after `field`, no
 * operator: with the nearest names and all there are.
 */
export function unknownField(
  registries: RegistrySet,
  registry: Registry,
  word: string,
  field?: string,
): LaminError {
  if (field !== undefined) return unknownOperator(word, field);
  const { fields, relations } = namesOf(registries, registry);
  const near = nearest(word, [...fields, ...relations, ...operators]);
  return new LaminError("usage", `${snakeCase(registry.model)} has no field '${word}'`, {
    hint: [
      ...(near.length > 0 ? [`did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`] : []),
      `fields: ${fields.join(", ")}`,
      ...(relations.length > 0 ? [`relations: ${relations.join(", ")}`] : []),
    ].join("; ").replace("?; ", "? "),
    data: { registry: qualifiedName(registry), field: word, suggestions: near, fields, relations },
  });
}

function unknownOperator(word: string, field: string): LaminError {
  const near = nearest(word, operators);
  return new LaminError("usage", `'${word}' is nothing that '${field}' can be asked for`, {
    hint: near.length > 0 ? `did you mean '${near[0]}'?` : `operators: ${operators.join(", ")}`,
    data: { field, operator: word, suggestions: near, operators },
  });
}

/**
 * The names that lookups on a registry can start with. Private ones are left out, and what has a
 * shorter name: links to other registries, and keys of relations.
 */
export function namesOf(
  registries: RegistrySet,
  registry: Registry,
): { fields: string[]; relations: string[] } {
  const isPublic = (name: string) => !name.startsWith("_");
  const fields = [...Object.keys(registry.columns), ...aliasesOf(registry).keys()];
  const found = registries.relations(registry);
  const relations = [...found].filter(([, to]) => !to.registry.isLink).map(([name]) => name);
  const isKey = (name: string) => found.has(name.replace(/_id$/, "")) && name.endsWith("_id");
  return {
    fields: fields.filter((name) => isPublic(name) && !isKey(name)).sort(),
    relations: relations.filter((name) => isPublic(name) && !fields.includes(name)).sort(),
  };
}
