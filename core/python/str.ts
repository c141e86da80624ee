import { floatRepr } from "./float.ts";
import { isPythonDict, type PythonValue } from "./value.ts";

/** What Python's `str(value)` gives: a string is itself, all else as {@link pythonRepr}. */
export function pythonStr(value: PythonValue): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** What Python's `repr(value)` gives: `None`, `True`, `3.0`, `['a', 'b']`, `{'k': 1}`. */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "number":
      return floatRepr(value);
    case "string":
      return stringRepr(value);
  }
  if (!isPythonDict(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  const members = [...value].map(([key, member]) => `${stringRepr(key)}: ${pythonRepr(member)}`);
  return `{${members.join(", ")}}`;
}

/**
 * Backslashes and what Python does not call printable: control, format, private and unassigned code
 * points, surrogates, and every separator but the space. Which code points are unassigned depends
 * on the Unicode version of the engine, as it depends on Python's.
 */
const escaped = /[\\]|(?! )[\p{C}\p{Z}]/gu;

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(escaped, escapeCodePoint);
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeCodePoint(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
