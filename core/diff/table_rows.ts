import type { Cell } from "../format/change.ts";
import type { ColumnPairing } from "./table_columns.ts";
import type { Row, TableColumn } from "./table_reader.ts";

export interface CellDifference {
  readonly column: string;
  readonly before: Cell;
  readonly after: Cell;
}

/** Compares rows of two tables cell by cell. */
export class RowComparer {
  constructor(
    private readonly pairs: ColumnPairing["pairs"],
    private readonly widthBefore: number,
    private readonly widthAfter: number,
  ) {}

  /** The cells that differ, in the order of the columns afterwards; null when none does. */
  differences(before: Row, after: Row): CellDifference[] | null {
    let found: CellDifference[] | null = null;
    for (const pair of this.pairs) {
      const x = before[pair.before] ?? null;
      const y = after[pair.after] ?? null;
      if (x === null || y === null ? x === y : pair.equal(x, y)) continue;
      (found ??= []).push({ column: pair.name, before: x, after: y });
    }
    if (before.length <= this.widthBefore && after.length <= this.widthAfter) return found;
    return this.#beyond(before, after, found ?? []);
  }

  /** Compares the cells beyond the columns of each side, the first with the first. */
  #beyond(before: Row, after: Row, found: CellDifference[]): CellDifference[] | null {
    const extraBefore = before.slice(this.widthBefore);
    const extraAfter = after.slice(this.widthAfter);
    for (let index = 0; index < Math.max(extraBefore.length, extraAfter.length); index++) {
      const x = extraBefore[index] ?? null;
      const y = extraAfter[index] ?? null;
      if (x !== y) found.push({ column: extraName(this.widthAfter + index), before: x, after: y });
    }
    return found.length === 0 ? null : found;
  }
}

/** A row with the names of its columns, as changes show rows. */
export function namedCells(columns: readonly TableColumn[], row: Row): Record<string, Cell> {
  const names = Array.from(
    { length: Math.max(columns.length, row.length) },
    (_, index) => columns[index]?.name ?? extraName(index),
  );
  // Unlike assignment, fromEntries makes a cell of a column `__proto__` too.
  return Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]));
}

function extraName(index: number): string {
  return `#${index + 1}`;
}
