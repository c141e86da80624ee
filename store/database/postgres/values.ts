import { LaminError } from "../../errors.ts";
import type { SqlValue } from "../database.ts";

/** Numbers of Postgres's own types (`pg_type.dat`), which are the same in all databases. */
export const typeNumber = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  oid: 26,
  json: 114,
  real: 700,
  double: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

/** Texts of the server as the values that SQLite gives, by the number of their type. */
const parsers: ReadonlyMap<number, (text: string) => SqlValue> = new Map<
  number,
  (text: string) => SqlValue
>([
  [typeNumber.boolean, (text: string) => text === "t" ? 1 : 0],
  [typeNumber.bytea, (text: string) => Uint8Array.fromHex(text.slice(2))],
  [typeNumber.bigint, wholeNumber],
  [typeNumber.smallint, Number],
  [typeNumber.integer, Number],
  [typeNumber.oid, Number],
  [typeNumber.json, String],
  [typeNumber.real, Number],
  [typeNumber.double, Number],
  [typeNumber.date, String],
  [typeNumber.timestamp, time],
  [typeNumber.timestamptz, time],
  [typeNumber.numeric, (text: string) => /^-?\d+$/.test(text) ? wholeNumber(text) : Number(text)],
  [typeNumber.jsonb, String],
]);

/** How the library is to read and write values: everything goes as text, as it is. */
export const libraryTypes = Object.fromEntries(
  [...parsers].map(([number, parse]) => [
    `type${number}`,
    { to: number, from: [number], parse, serialize: String },
  ]),
);

function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A time as rows of SQLite hold it: UTC, microseconds, no zone; the session's zone is UTC. */
function time(text: string): string {
  const [, whole, fraction = ""] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/
    .exec(text) ?? [];
  return whole === undefined ? text : `${whole}.${fraction.padEnd(6, "0")}`;
}

/** A parameter as it is sent. Throws code "usage" for a text that Postgres cannot hold. */
export function parameter(value: SqlValue): string | null {
  if (value === null) return null;
  if (typeof value === "string") return checked(value);
  if (value instanceof Uint8Array) return `\\x${value.toHex()}`;
  return String(value);
}

function checked(text: string): string {
  if (!text.includes("\0")) return text;
  throw new LaminError("usage", "a text with a NUL character cannot be kept in Postgres", {
    hint: "take the character out; instances in SQLite can hold it",
  });
}

/** A list as the literal of an array: `{"a","b",NULL}`. */
export function arrayLiteral(values: readonly SqlValue[]): string {
  return `{${values.map(element).join(",")}}`;
}

function element(value: SqlValue): string {
  const text = parameter(value);
  if (text === null) return "NULL";
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
