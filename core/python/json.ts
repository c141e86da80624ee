import { floatRepr } from "./float.ts";
import { compareCodePoints } from "./order.ts";
import { isPythonDict, type PythonDict, type PythonValue } from "./value.ts";

/** The options of Python's `json.dumps` that LaminDB uses, with Python's defaults. */
export interface DumpOptions {
  /** Puts the keys of every dict in the order of their code points; false unless said. */
  readonly sortKeys?: boolean;
  /** Writes all that is not ASCII as `\uXXXX`; true unless said. */
  readonly ensureAscii?: boolean;
}

/**
 * The text that Python's `json.dumps(value)` gives, to the character: LaminDB compares and hashes
 * JSON as text (COMPAT §14.4).
 */
export function dumpJson(value: PythonValue, options: DumpOptions = {}): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    case "number":
      return dumpFloat(value);
    case "string":
      return dumpString(value, options.ensureAscii ?? true);
  }
  if (isPythonDict(value)) return dumpDict(value, options);
  return `[${value.map((member) => dumpJson(member, options)).join(", ")}]`;
}

function dumpDict(dict: PythonDict, options: DumpOptions): string {
  const entries = [...dict];
  if (options.sortKeys) entries.sort(([a], [b]) => compareCodePoints(a, b));
  const ensureAscii = options.ensureAscii ?? true;
  const members = entries.map(([key, member]) =>
    `${dumpString(key, ensureAscii)}: ${dumpJson(member, options)}`
  );
  return `{${members.join(", ")}}`;
}

function dumpFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return floatRepr(value);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function dumpString(text: string, ensureAscii: boolean): string {
  // deno-lint-ignore no-control-regex -- these are the characters to escape
  const special = ensureAscii ? /[^ !#-[\]-~]/g : /["\\\x00-\x1f]/g;
  return `"${text.replace(special, escapeUnit)}"`;
}

/**
 * One UTF-16 unit, so that a code point beyond U+FFFF becomes two escapes as Python writes them.
 */
function escapeUnit(unit: string): string {
  return shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
