import type { Label, Line, Span } from "../../core/describe/tree.ts";
import { takeWidth, textWidth } from "./width.ts";

export type TreeTable = Omit<Extract<Label, { kind: "table" }>, "kind">;

/** The lines of a table inside a tree: a column apart, cells cut with `…`, no lines around. */
export function tableLines({ columns, rows }: TreeTable, width: number): Line[] {
  const titles = columns.map(({ title }) => title ?? []);
  const hasTitles = columns.some(({ title }) => title !== undefined);
  const all = hasTitles ? [titles, ...rows] : rows;
  const natural = columns.map((column, index) =>
    column.width ?? Math.max(0, ...all.map((row) => lineWidth(row[index]!)))
  );
  const widths = contentWidths(natural, width);
  return all.map((row) =>
    row.flatMap((cell, index): Span[] => {
      const cut = cutLine(cell, widths[index]!);
      if (index === row.length - 1) return cut;
      const spaces = " ".repeat(Math.max(0, widths[index]! - lineWidth(cut)) + 2);
      return [...cut, { text: spaces, style: "plain" }];
    })
  );
}

/** A space on each side of a cell, but for the outer sides. */
function padding(index: number, count: number): number {
  return (index > 0 ? 1 : 0) + (index < count - 1 ? 1 : 0);
}

/**
 * How wide the contents of columns may be so that a row takes `width`: when they are too wide, all
 * columns give up the same, as Python's tables do.
 */
function contentWidths(natural: readonly number[], width: number): number[] {
  const pad = natural.map((_, index) => padding(index, natural.length));
  const widths = natural.map((one, index) => Math.min(one + pad[index]!, width));
  const excess = widths.reduce((sum, one) => sum + one, 0) - width;
  const reduced = excess > 0 && width !== Infinity ? reduceEvenly(widths, excess) : widths;
  return reduced.map((one, index) => Math.max(0, one - pad[index]!));
}

function reduceEvenly(widths: readonly number[], excess: number): number[] {
  let remaining = excess;
  let columns = widths.filter((one) => one > 0).length;
  return widths.map((one) => {
    if (one <= 0) return one;
    const less = Math.min(one, roundHalfToEven(remaining / columns));
    remaining -= less;
    columns--;
    return one - less;
  });
}

/** As Python rounds: a half goes to the even neighbour. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const isHalf = value - floor === 0.5;
  return isHalf ? floor + (floor % 2) : Math.round(value);
}

function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The beginning of a line that fits; `…` stands for the rest. */
function cutLine(line: Line, width: number): Span[] {
  if (lineWidth(line) <= width) return [...line];
  if (width < 1) return [];
  let left = width - 1;
  const cut: Span[] = [];
  for (const { text, style } of line) {
    const part = takeWidth(text, left);
    left -= textWidth(part);
    cut.push({ text: part, style });
    if (part.length < text.length) break;
  }
  const last = cut.at(-1)!;
  // A wide character that is cut leaves half of its place empty.
  return [...cut.slice(0, -1), { text: `${last.text}${" ".repeat(left)}…`, style: last.style }];
}
