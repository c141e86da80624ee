import type { Registry } from "../registry/registry.ts";
import { snakeCase } from "../registry/words.ts";

/** What to call a record in a sentence: its key or name, else its uid, else its id. */
export function recordName(registry: Registry, row: Readonly<Record<string, unknown>>): string {
  const { nameField } = registry;
  const type = nameField === undefined ? undefined : registry.columns[nameField]?.type;
  const named = type === "varchar" || type === "text" ? row[nameField!] : undefined;
  return String(named ?? row["uid"] ?? row["id"]);
}

/** `artifact raw/a.csv` */
export function recordTitle(registry: Registry, row: Readonly<Record<string, unknown>>): string {
  return `${snakeCase(registry.model)} ${recordName(registry, row)}`;
}
