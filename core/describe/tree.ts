/**
 * What describes a record, as data: a tree of texts and small tables, as Python's `describe()`
 * prints it (COMPAT §13.1). Texts come from the database as they are; who prints them makes them
 * safe.
 */
export interface Tree {
  readonly label: Label;
  readonly children: readonly Tree[];
}

/** What stands at a branch. */
export type Label =
  | { readonly kind: "text"; readonly lines: readonly Line[] }
  /** Cells two and two under each other. */
  | { readonly kind: "cells"; readonly cells: readonly Line[] }
  | {
    readonly kind: "table";
    readonly columns: readonly TreeColumn[];
    readonly rows: readonly Line[][];
  };

export interface TreeColumn {
  /** Above the column; without any title in a table there is no line of titles. */
  readonly title?: Line;
  /** Columns of a terminal; as wide as its widest cell where it is not given. */
  readonly width?: number;
}

/** Pieces of one line. */
export type Line = readonly Span[];

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** What a piece is, from which follows how it looks. */
export type Style =
  | "plain"
  | "dim"
  | "kind"
  | "name"
  | "slot"
  | "block"
  | "features"
  | "external"
  | "entities";

/** A piece of a line. */
export const span = (text: string, style: Style = "plain"): Span => ({ text, style });

/** `name: value`, as all of Python's cells are written. */
export function cell(name: string, value: unknown, style: Style = "plain"): Line {
  return [span(`${name}: `, "dim"), span(String(value), style)];
}

/** A branch of text. */
export function textTree(lines: readonly Line[], children: readonly Tree[] = []): Tree {
  return { label: { kind: "text", lines }, children };
}

/** Widths of the columns of features and labels: name, type, values. */
export const featureWidths = [30, 35, 40] as const;

/** A table of features or labels. */
export function featureTable(rows: readonly Line[][], title?: Line): Tree {
  const columns = featureWidths.map((width, index) => ({
    width,
    ...(title === undefined ? {} : { title: index === 0 ? title : [] }),
  }));
  return { label: { kind: "table", columns, rows }, children: [] };
}
