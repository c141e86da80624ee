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

/** The condition of a partial index with its columns quoted. */
export function quoteCondition(where: NonNullable<UniqueConstraint["where"]>): string {
  const parts = where.split(" AND ").map((part) => {
    const [, column, rest] = /^(\w+)( IS (?:NOT )?NULL)$/.exec(part)!;
    return quote(column!) + rest;
  });
  return parts.join(" AND ");
}
