import { floatRepr } from "../python/float.ts";
import { parseJson } from "../python/parse_json.ts";
import { isPythonDict, type PythonValue } from "../python/value.ts";
import { Misfit } from "./misfit.ts";

/**
 * JSON as `jsonb` of Postgres prints it (PostgreSQL manual, 8.14), but that floats keep a `.` by
 * which Python tells them from ints: shorter keys before longer ones, then by their bytes; of twin
 * keys the last; characters as they are; numbers without exponent. The same value always gives the
 * same text, and the text is read by Python as the value.
 *
 * Throws a {@link Misfit} for what `jsonb` cannot hold.
 */
export function jsonbText(text: string): string {
  return jsonbOf(parsed(text));
}

/** The value of a JSON text. Throws a {@link Misfit} for what is none. */
export function parsed(text: string): PythonValue {
  try {
    return parseJson(text);
  } catch {
    throw new Misfit("is no JSON", "give it a JSON value, or NULL");
  }
}

/** As {@link jsonbText}, for a value. */
export function jsonbOf(value: PythonValue): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return plainNumber(value);
    case "string":
      return quoted(value);
  }
  if (!isPythonDict(value)) return `[${value.map(jsonbOf).join(", ")}]`;
  const members = [...value].sort(([a], [b]) => compareKeys(a, b));
  return `{${members.map(([key, member]) => `${quoted(key)}: ${jsonbOf(member)}`).join(", ")}}`;
}

function quoted(text: string): string {
  if (text.includes("\0")) throw new Misfit("has a NUL character inside", "take it out");
  if (!text.isWellFormed()) {
    throw new Misfit("has half of a character inside (a lone surrogate)", "take it out");
  }
  return JSON.stringify(text);
}

/** The shortest digits that are the same float, without exponent and never without a point. */
function plainNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new Misfit("has NaN or Infinity inside, which is no JSON", "put null in its place");
  }
  if (value === 0) return "0.0";
  const [mantissa, exponent] = floatRepr(value).split("e") as [string, string?];
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole, fraction = ""] = mantissa.replace("-", "").split(".") as [string, string?];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point) || "0"}`;
}

const encoder = new TextEncoder();

function compareKeys(a: string, b: string): number {
  const [first, second] = [encoder.encode(a), encoder.encode(b)];
  if (first.length !== second.length) return first.length - second.length;
  const at = first.findIndex((byte, index) => byte !== second[index]);
  return at < 0 ? 0 : first[at]! - second[at]!;
}
