import type { Registry } from "../../core/registry/registry.ts";
import type { Json, JsonObject } from "../output.ts";

/**
 * A row as `--json` prints it: the fields of the registry under their names, JSON fields as JSON.
 */
export function rowJson(
  registry: Registry,
  row: Readonly<Record<string, unknown>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(registry.columns).map(([name, { type }]) => [
      name,
      type === "json" ? jsonOf(row[name]) : row[name] as Json ?? null,
    ]),
  );
}

/** JSON as its value; text that is none, such as Python's NaN, as it stands. */
export function jsonOf(text: unknown): Json {
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
