import type { Label, Line, Style, Tree } from "../../core/describe/tree.ts";
import type { Output } from "../output.ts";
import type { Paint } from "./paint.ts";
import { tableLines, type TreeTable } from "./tree_table.ts";
import { prepareWidths } from "./width.ts";
import { wrapLine } from "./wrap.ts";

/**
 * What stands before a branch: where others follow, at the last one, and before their further
 * lines.
 */
const guides = { fork: "├── ", end: "└── ", through: "│   ", space: "    " } as const;

/**
 * A tree of texts and tables with lines that lead to the branches, `width` columns wide, as
 * Python's `describe()` prints it. All texts are made safe for a terminal here.
 */
export async function renderTree(
  tree: Tree,
  output: Pick<Output, "width" | "paint" | "safe">,
): Promise<string> {
  await prepareWidths(textsOf(tree));
  const lines: string[] = [];
  const print = ({ label, children }: Tree, prefix: string, first: string, more: string) => {
    const width = output.width - prefix.length - first.length;
    linesOf(safeLabel(label, output.safe), width).forEach((line, index) => {
      const guide = prefix + (index === 0 ? first : more);
      lines.push((dimmed(guide, output.paint) + painted(line, output.paint)).trimEnd());
    });
    children.forEach((child, index) => {
      const isLast = index === children.length - 1;
      print(
        child,
        prefix + more,
        isLast ? guides.end : guides.fork,
        isLast ? guides.space : guides.through,
      );
    });
  };
  print(tree, "", "", "");
  return lines.join("\n");
}

function* textsOf({ label, children }: Tree): Generator<string> {
  const lines = label.kind === "text"
    ? label.lines
    : label.kind === "cells"
    ? label.cells
    : [...label.rows.flat(), ...label.columns.map(({ title }) => title ?? [])];
  for (const line of lines) for (const { text } of line) yield text;
  for (const child of children) yield* textsOf(child);
}

function linesOf(label: Label, width: number): Line[] {
  if (label.kind === "text") return label.lines.flatMap((line) => wrapLine(line, width));
  return tableLines(label.kind === "table" ? label : inPairs(label.cells), width);
}

/** Cells, two in a row. */
function inPairs(cells: readonly Line[]): TreeTable {
  const rows = Array.from(
    { length: Math.ceil(cells.length / 2) },
    (_, row) => [cells[2 * row]!, cells[2 * row + 1] ?? []],
  );
  return { columns: [{}, {}], rows };
}

function safeLabel(label: Label, safe: (text: string) => string): Label {
  const ofLine = (line: Line): Line => line.map(({ text, style }) => ({ text: safe(text), style }));
  switch (label.kind) {
    case "text":
      return { ...label, lines: label.lines.map(ofLine) };
    case "cells":
      return { ...label, cells: label.cells.map(ofLine) };
    case "table":
      return {
        ...label,
        columns: label.columns.map(({ title, ...column }) =>
          title === undefined ? column : { ...column, title: ofLine(title) }
        ),
        rows: label.rows.map((row) => row.map(ofLine)),
      };
  }
}

function painted(line: Line, paint: Paint): string {
  return line.map(({ text, style }) => styled(text, style, paint)).join("");
}

function styled(text: string, style: Style, paint: Paint): string {
  switch (style) {
    case "plain":
      return text;
    case "dim":
      return paint.dim(text);
    case "kind":
      return paint.bold(text);
    case "name":
      return paint.cyan(text);
    case "slot":
    case "block":
      return paint.magenta(text);
    case "features":
      return paint.bold(paint.magenta(text));
    case "external":
      return paint.bold(paint.yellow(text));
    case "entities":
      return paint.bold(paint.green(text));
  }
}

function dimmed(guide: string, paint: Paint): string {
  return guide === "" ? "" : paint.dim(guide);
}
