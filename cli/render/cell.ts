import { statusName } from "../../core/query/alias.ts";
import type { Target } from "../../core/query/target.ts";
import { formatBytes } from "./quantity.ts";

/** A value of a field as people read it in a table: no text for nothing. */
export function cellText({ column, registry }: Target, value: unknown): string {
  if (value === null || value === undefined) return "";
  const type = column?.definition.type;
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (typeof value === "number" && column?.name === "size") return formatBytes(value);
  if (typeof value === "number" && column?.words !== undefined) return statusName(registry, value);
  if (type === "datetime" && typeof value === "string") return value.slice(0, 16);
  if (type === "json" && value === "null") return "";
  return String(value);
}
