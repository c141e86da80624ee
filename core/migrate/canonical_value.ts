import type { SqlValue } from "../../store/database/database.ts";
import type { Column, ColumnType } from "../../store/database/table.ts";
import { canonicalDate, canonicalTime } from "./canonical_time.ts";
import { jsonbText } from "./jsonb_text.ts";
import { Misfit } from "./misfit.ts";

/** What a value comes to, whichever engine holds it. */
export type CanonicalValue = string | number | null;

/** Turns values of one column into the form in which both engines' values are equal. */
export type Canonical = (value: SqlValue) => CanonicalValue;

/**
 * The canonical form of the values of a column: what Postgres gives for them. It throws a
 * {@link Misfit} for values that the column cannot have there.
 */
export function canonicalOf(column: Column): Canonical {
  const convert = conversion(column);
  return (value) => {
    if (value !== null) return convert(value);
    if (column.nullable) return null;
    throw new Misfit("is missing", "give it a value");
  };
}

function conversion(column: Column): (value: SqlValue) => CanonicalValue {
  const range = ranges[column.type];
  if (range !== undefined) return (value) => whole(value, range);
  switch (column.type) {
    case "boolean":
      return (value) => whole(value, truth);
    case "real":
      return finite;
    case "json":
      return (value) => jsonbText(textual(value, Infinity));
    case "datetime":
      return remembered((value) => canonicalTime(textual(value, Infinity)));
    case "date":
      return (value) => canonicalDate(textual(value, Infinity));
    default:
      return (value) => textual(value, column.length ?? Infinity);
  }
}

/** Rows that were added together have the same time. */
function remembered(convert: Canonical): Canonical {
  let [last, converted]: [SqlValue, CanonicalValue] = [null, null];
  return (value) => {
    if (value === last) return converted;
    [last, converted] = [value, convert(value)];
    return converted;
  };
}

type Range = readonly [least: number, most: number, name: string];

const small: Range = [-(2 ** 15), 2 ** 15 - 1, "whole number of 16 bits"];
const middle: Range = [-(2 ** 31), 2 ** 31 - 1, "whole number of 32 bits"];
const large: Range = [
  Number.MIN_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  "whole number below 2^53",
];
const truth: Range = [0, 1, "true or false (1 or 0)"];

const ranges: Partial<Record<ColumnType, Range>> = {
  id: middle,
  bigid: large,
  smallid: small,
  integer: middle,
  smallint: small,
  bigint: large,
};

function whole(value: SqlValue, [least, most, name]: Range): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw new Misfit(`is no ${name}`, `give it a ${name}`);
}

function finite(value: SqlValue): number {
  // No -0, which not every text of a number keeps.
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  throw new Misfit("is no finite number", "give it a number");
}

function textual(value: SqlValue, longest: number): string {
  if (typeof value !== "string") throw new Misfit("is no text", "give it a text, or NULL");
  if (value.includes("\0")) throw new Misfit("has a NUL character", "take it out");
  // Units of UTF-16 are never fewer than characters.
  if (value.length > longest && [...value].length > longest) {
    throw new Misfit(`is longer than ${longest} characters`, "shorten it");
  }
  return value;
}
