import type { Paint } from "./paint.ts";
import { cutToWidth, padToWidth, textWidth } from "./width.ts";

/** A column of a table for people. */
export interface TableColumn {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: "left" | "right";
  /** Never cut, as uids, which are there to be copied. */
  readonly whole?: boolean;
}

/** Columns between two cells. */
const gap = 2;
/** A column is not cut below this. */
const narrowest = 8;

/**
 * Rows of cells under their titles, aligned; cut so that a line takes `width` columns. Cells must
 * have passed `safe`.
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const natural = naturalWidths(
    columns,
    columns.map((_, index) => rows.map((row) => row[index]!)),
  );
  const widths = fitWidths(natural, columns.map(({ whole }) => whole ?? false), width);
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) =>
      padToWidth(cutToWidth(cell, widths[index]!), widths[index]!, columns[index]!.align)
    ).join(" ".repeat(gap)).trimEnd();
  return [paint.dim(line(columns.map(({ title }) => title))), ...rows.map(line)].join("\n");
}

/** How wide a table is when nothing is cut; `cells` are those of each column. */
export function tableWidth(
  columns: readonly TableColumn[],
  cells: readonly (readonly string[])[],
): number {
  return naturalWidths(columns, cells).reduce((sum, width) => sum + gap + width, -gap);
}

function naturalWidths(
  columns: readonly TableColumn[],
  cells: readonly (readonly string[])[],
): number[] {
  return columns.map(({ title }, index) =>
    cells[index]!.reduce((most, cell) => Math.max(most, textWidth(cell)), textWidth(title))
  );
}

/** The widths with the widest columns made narrower, one after another, until a line fits. */
export function fitWidths(
  natural: readonly number[],
  whole: readonly boolean[],
  width: number,
): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, gap * (widths.length - 1)) - width;
  while (excess > 0 && excess !== Infinity) {
    const able = widths.map((one, index) => !whole[index] && one > narrowest ? one : 0);
    const widest = Math.max(...able);
    if (widest === 0) return widths;
    const next = Math.max(narrowest, ...able.filter((one) => one < widest));
    const among = able.flatMap((one, index) => one === widest ? [index] : []);
    const each = Math.min(widest - next || 1, Math.ceil(excess / among.length));
    for (const index of among) {
      const less = Math.min(each, excess);
      widths[index] = widest - less;
      excess -= less;
    }
  }
  return widths;
}
