import type { Dialect } from "../../store/database/database.ts";
import type { Column } from "../../store/database/table.ts";
import { dumpJson } from "../python/json.ts";
import { parseJson } from "../python/parse_json.ts";
import type { CanonicalValue } from "./canonical_value.ts";

/** Turns canonical values of one column into what an engine is to hold. */
export type Carried = (value: CanonicalValue) => CanonicalValue;

/**
 * How an engine holds the values of a column. Postgres makes the canonical form of them by itself.
 * In SQLite, where filters compare texts, they have Python's form (COMPAT §14.2, §14.4).
 */
export function carriedTo(engine: Dialect["name"], { type }: Column): Carried {
  if (engine === "postgres") return same;
  if (type === "json") return (value) => value === null ? null : pythonJson(String(value));
  if (type === "datetime") return (value) => value === null ? null : pythonTime(String(value));
  return same;
}

const same: Carried = (value) => value;

function pythonJson(text: string): string {
  return dumpJson(parseJson(text));
}

/** Python writes no decimals where all of them are zero. */
function pythonTime(text: string): string {
  return text.replace(/\.0+$/, "");
}
