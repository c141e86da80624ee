import type { SqlValue } from "../../store/database/database.ts";
import type { Column } from "../../store/database/table.ts";
import { LaminError } from "../../store/errors.ts";
import { parseTimeSpan } from "./instant.ts";
import type { ColumnTarget } from "./target.ts";

const numbers = ["id", "bigid", "smallid", "integer", "smallint", "bigint", "real"];

/** Whether a column holds numbers. */
export function isNumeric({ type }: Pick<Column, "type">): boolean {
  return numbers.includes(type);
}

/**
 * A value as it was typed, as the column's database value: `true false 1 0` for booleans, `1e6` for
 * numbers, dates and times in UTC, words for states. Throws code "usage" when the column cannot
 * hold it.
 */
export function parseValue(column: ColumnTarget, text: string): SqlValue {
  const { definition, words } = column;
  const word = text.toLowerCase();
  if (words !== undefined && Object.hasOwn(words, word)) return words[word]!;
  if (definition.type === "boolean") return parseBoolean(column, text);
  if (isNumeric(definition)) return parseNumber(column, text);
  if (definition.type === "datetime") {
    return parseTimeSpan(text)?.start ?? refuse(column, text, "a date or time such as 2026-11-24");
  }
  if (definition.type === "date") {
    return parseTimeSpan(text)?.start.slice(0, 10) ??
      refuse(column, text, "a date such as 2026-11-24");
  }
  return text;
}

function parseBoolean(column: ColumnTarget, text: string): number {
  switch (text.toLowerCase()) {
    case "true":
    case "1":
      return 1;
    case "false":
    case "0":
      return 0;
  }
  return refuse(column, text, "true or false");
}

function parseNumber(column: ColumnTarget, text: string): number | bigint {
  const trimmed = text.trim();
  if (/^[+-]?\d+$/.test(trimmed)) {
    const whole = BigInt(trimmed);
    if (BigInt.asIntN(64, whole) !== whole) refuse(column, text, "a number of 64 bits");
    const number = Number(whole);
    return Number.isSafeInteger(number) ? number : whole;
  }
  const number = Number(trimmed);
  if (trimmed !== "" && Number.isFinite(number) && !/[xob]/i.test(trimmed)) return number;
  const { words } = column;
  if (words !== undefined) return refuse(column, text, `one of ${Object.keys(words).join(", ")}`);
  return refuse(column, text, "a number");
}

function refuse(column: ColumnTarget, text: string, wanted: string): never {
  const name = column.words === undefined ? column.name : "status";
  throw new LaminError("usage", `${name} takes ${wanted}, not '${text}'`, {
    data: { field: name, value: text },
  });
}
