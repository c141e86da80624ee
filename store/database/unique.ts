import { quote } from "./sql.ts";
import type { UniqueConstraint } from "./table.ts";

/** The column inside an expression like `LOWER(name)`, or undefined for a plain column. */
export function lowered(column: string): string | undefined {
  return /^LOWER\((\w+)\)$/.exec(column)?.[1];
}

/** A named constraint over plain columns belongs to the table; the others are indexes. */
export function isTableConstraint({ name, where, columns }: UniqueConstraint): boolean {
  return name !== undefined && where === undefined &&
    columns.every((c) => lowered(c) === undefined);
}

/** The condition of a partial index with its column quoted. */
export function quoteCondition(where: NonNullable<UniqueConstraint["where"]>): string {
  const [, column, rest] = /^(\w+)( IS (?:NOT )?NULL)$/.exec(where)!;
  return quote(column!) + rest;
}
