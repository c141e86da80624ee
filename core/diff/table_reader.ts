import type { Cell } from "../format/change.ts";
import type { NumberKind } from "./number.ts";

export interface TableColumn {
  /** No two columns of a table have the same. */
  readonly name: string;
  /** As the format names it. */
  readonly type: string;
  /** Set where cells are numbers and so compare by value; other cells compare as text. */
  readonly number?: NumberKind;
}

/**
 * Cells in the order of the columns. A row may be shorter, which makes the cells beyond null, or
 * longer, which the diff reports as columns `#7`, `#8`, …
 */
export type Row = readonly Cell[];

/** Most columns that a reader takes: more are no table but an attack on the memory. */
export const tableColumnsMax = 1_000_000;

/** A table of any format, as the diff reads it. */
export interface TableReader {
  /** What people call it, for messages. */
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** All rows in order, some at a time; an empty batch is fine. To be called once. */
  batches(): AsyncIterable<readonly Row[]>;
  /** Oddities met so far, one sentence each. */
  readonly notes: readonly string[];
}
