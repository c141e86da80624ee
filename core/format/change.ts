/**
 * One difference between two contents as plain data: what `lamin diff --json` prints, a line each.
 * Rows and lines count from 1; a header is not a row.
 */
export type Change = ContentChange | Note | Summary;

export type ContentChange =
  | Lines
  | Unaligned
  | ColumnAdded
  | ColumnRemoved
  | ColumnType
  | ColumnOrder
  | RowAdded
  | RowRemoved
  | CellChanged
  | FileAdded
  | FileRemoved
  | FileChanged
  | FileRenamed
  | BytesChanged;

export type Side = "before" | "after";

/** A cell as text; null where there is no value, which is not the empty text. */
export type Cell = string | null;

/** Where in a composite content, such as "obs" of an AnnData object; absent in simple ones. */
interface InPart {
  readonly part?: string;
}

/** A run of lines. An empty one starts at the line before it, as in the unified format of diff. */
export interface LineRange {
  readonly start: number;
  readonly count: number;
}

export interface Line {
  readonly sign: " " | "-" | "+";
  /** Without its line feed; other control characters are kept. */
  readonly text: string;
  /** Set on a last line that has no line feed. */
  readonly unended?: true;
}

/** Changed lines that stand together, with equal ones around: a hunk. */
export interface Lines extends InPart {
  readonly kind: "lines";
  readonly before: LineRange;
  readonly after: LineRange;
  readonly lines: readonly Line[];
}

/** A stretch that differs and is too large to say which line became which. */
export interface Unaligned extends InPart {
  readonly kind: "unaligned";
  readonly before: LineRange;
  readonly after: LineRange;
}

export interface ColumnAdded extends InPart {
  readonly kind: "column_added";
  readonly column: string;
  readonly type: string;
  /** Among the columns afterwards, from 1. */
  readonly position: number;
}

export interface ColumnRemoved extends InPart {
  readonly kind: "column_removed";
  readonly column: string;
  readonly type: string;
  /** Among the columns before, from 1. */
  readonly position: number;
}

export interface ColumnType extends InPart {
  readonly kind: "column_type";
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** The columns that both sides have stand in another order. */
export interface ColumnOrder extends InPart {
  readonly kind: "column_order";
  /** Names of the columns that both sides have, as they stand afterwards. */
  readonly columns: readonly string[];
}

/** Values of the key columns by name, where rows are matched by key. */
interface Keyed extends InPart {
  readonly key?: Readonly<Record<string, Cell>>;
}

export interface RowAdded extends Keyed {
  readonly kind: "row_added";
  readonly row: number;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface RowRemoved extends Keyed {
  readonly kind: "row_removed";
  readonly row: number;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface CellChanged extends Keyed {
  readonly kind: "cell";
  readonly row: { readonly before: number; readonly after: number };
  readonly column: string;
  readonly before: Cell;
  readonly after: Cell;
}

export interface FileAdded extends InPart {
  readonly kind: "file_added";
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export interface FileRemoved extends InPart {
  readonly kind: "file_removed";
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export interface FileChanged extends InPart {
  readonly kind: "file_changed";
  readonly path: string;
  readonly before: { readonly size: number; readonly sha256: string };
  readonly after: { readonly size: number; readonly sha256: string };
}

/** The same content under another path. */
export interface FileRenamed extends InPart {
  readonly kind: "file_renamed";
  readonly from: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Content that is only known as bytes. */
export interface BytesChanged extends InPart {
  readonly kind: "bytes";
  readonly before: { readonly size: number; readonly sha256?: string };
  readonly after: { readonly size: number; readonly sha256?: string };
  /**
   * Of the first byte that differs, from 0; the size of the shorter where that is the longer's
   * start.
   */
  readonly offset: number;
  /**
   * Set when everything that the format looks at is the same: only the way of storing it differs.
   */
  readonly same?: true;
}

/** Not a difference, but something to know about one of the contents. */
export interface Note extends InPart {
  readonly kind: "note";
  readonly side: Side;
  readonly text: string;
}

/** How many things of a kind differ. */
export interface Count {
  /** Their name in the plural: "lines", "columns", "rows", "cells", "files", or a format's own. */
  readonly of: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly renamed?: number;
}

/** The end of every diff, and all that `--stat` needs. */
export interface Summary {
  readonly kind: "summary";
  readonly format: string;
  /** True when nothing that the format looks at differs; the bytes may. */
  readonly same: boolean;
  /** Whether the bytes are the same too, where somebody looked at them. */
  readonly identical?: boolean;
  readonly counts: readonly Count[];
  /** Set when the counts are upper bounds. */
  readonly approximate?: true;
  /** Changes that were counted but not given. */
  readonly hidden: number;
  /** In bytes. */
  readonly size: { readonly before: number; readonly after: number };
}
