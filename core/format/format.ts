import type { Row, TableColumn } from "../diff/table_reader.ts";
import type { Change } from "./change.ts";

export type { Change } from "./change.ts";

/**
 * Content that can be read anywhere and more than once: a file, an object of a store, ranges of a
 * remote object, bytes in memory.
 */
export interface Source {
  /** What people call it; its suffix may decide the format. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Of the whole content as 64 hexadecimal digits, where somebody already knows it. */
  readonly sha256?: string;
  /**
   * Exactly `length` bytes from `offset` on.
   *
   * @throws LaminError "failed" when the content has no such range (any more).
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** All bytes in order, in pieces of any length. */
  stream(): AsyncIterable<Uint8Array>;
}

/** A column of a table or a field of a record, with its type as the format names it. */
export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  /** Cells without a value, where counting them is part of the reading. */
  readonly nulls?: number;
}

/**
 * What content looks like from outside, as plain data. A format fills in what has a meaning for it.
 */
export interface Shape {
  /** Name of the format. */
  readonly format: string;
  readonly size: number;
  readonly rows?: number;
  readonly columns?: readonly ShapeColumn[];
  readonly lines?: number;
  /** Things that were observed, such as the rows of a table: LaminDB's `n_observations`. */
  readonly observations?: number;
  readonly sha256?: string;
  /** Oddities that a reader of the content should know, one sentence each. */
  readonly notes?: readonly string[];
}

/** How content begins. */
export type Beginning =
  | {
    readonly kind: "rows";
    readonly columns: readonly TableColumn[];
    readonly rows: readonly Row[];
  }
  /** Without their line feeds. */
  | { readonly kind: "lines"; readonly lines: readonly string[] };

export interface DiffOptions {
  /** Columns that tell which rows belong together; without them the position does. */
  readonly on?: readonly string[];
  /** Most changes to give one by one; the summary counts the others too. No limit by default. */
  readonly changesMax?: number;
  /** Equal lines to give around changed ones, 3 by default. */
  readonly contextLines?: number;
}

/** A kind of content that can be recognised, described and compared. Formats are handed to core. */
export interface Format {
  readonly name: string;
  /** Whether `DiffOptions.on` means something here. */
  readonly hasKeys: boolean;
  /** True when content that begins with `head` and goes by `name` is to be read as this format. */
  sniff(head: Uint8Array, name: string): boolean;
  /** @throws LaminError "damaged" when the content is not what it seemed to be. */
  describe(source: Source): Promise<Shape>;
  /**
   * The first `count` rows or lines, for which no more is read than they need; missing where
   * content has neither.
   *
   * @throws LaminError "damaged" when the content is not what it seemed to be.
   */
  head?(source: Source, count: number): Promise<Beginning>;
  /**
   * How to get from `before` to `after`: changes in the order of the content, then one summary.
   *
   * @throws LaminError "damaged" when a content is not what it seemed to be, "usage" or "failed"
   * when the options do not fit it; changes may have been given by then.
   */
  diff(before: Source, after: Source, options: DiffOptions): AsyncIterable<Change>;
}
