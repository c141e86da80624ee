import type { Cell, Change, ContentChange, Line, LineRange } from "../../core/format/change.ts";
import { escapeForTerminal } from "../../core/text/escape.ts";
import type { Paint } from "./paint.ts";
import { formatBytes, formatCount } from "./quantity.ts";

/**
 * A change for people, one or more lines without the last line feed; empty for a summary that hides
 * nothing. Names and contents are escaped. Lines look as in the unified format, cells like
 * `~ row 17 (id=42)  age: 31 → 32`.
 */
export function renderChange(change: Change, paint: Paint): string {
  if (change.kind === "summary") {
    const many = formatCount(change.hidden);
    return change.hidden === 0 ? "" : paint.dim(`… ${many} more changes`);
  }
  const text = change.kind === "note"
    ? paint.yellow(`! ${change.side}: ${escapeForTerminal(change.text)}`)
    : renderers[change.kind](change as never, paint);
  return change.part === undefined ? text : inPart(escapeForTerminal(change.part), text, paint);
}

/** The two lines above the changes of a content. */
export function renderNames(before: string, after: string, paint: Paint): string {
  return paint.bold(`--- ${escapeForTerminal(before)}\n+++ ${escapeForTerminal(after)}`);
}

type Renderers = {
  readonly [K in ContentChange["kind"]]: (
    change: Extract<ContentChange, { kind: K }>,
    paint: Paint,
  ) => string;
};

const renderers: Renderers = {
  lines: (change, paint) =>
    [hunkHead(change, paint), ...change.lines.map((line) => renderLine(line, paint))].join("\n"),
  unaligned: (change, paint) => `${hunkHead(change, paint)} too large to compare line by line`,
  column_added: ({ column, type }, paint) =>
    paint.green(`+ column ${escapeForTerminal(column)}: ${escapeForTerminal(type)}`),
  column_removed: ({ column, type }, paint) =>
    paint.red(`- column ${escapeForTerminal(column)}: ${escapeForTerminal(type)}`),
  column_type: ({ column, before, after }, paint) =>
    `${paint.yellow("~")} column ${escapeForTerminal(column)}: ${turned(before, after, paint)}`,
  column_order: ({ columns }, paint) =>
    `${paint.yellow("~")} columns now in the order ${columns.map(escapeForTerminal).join(", ")}`,
  row_added: ({ row, key, cells }, paint) =>
    `${paint.green(`+ row ${row}`)}${renderKey(key)}  ${renderCells(cells, paint.green)}`,
  row_removed: ({ row, key, cells }, paint) =>
    `${paint.red(`- row ${row}`)}${renderKey(key)}  ${renderCells(cells, paint.red)}`,
  cell: ({ row, key, column, before, after }, paint) => {
    const place = row.before === row.after ? `${row.after}` : `${row.before} → ${row.after}`;
    const name = escapeForTerminal(column);
    return `${paint.yellow("~")} row ${place}${renderKey(key)}  ${name}: ${
      turned(before, after, paint)
    }`;
  },
  file_added: ({ path, size }, paint) =>
    `${paint.green(`A ${escapeForTerminal(path)}`)}  ${paint.dim(formatBytes(size))}`,
  file_removed: ({ path, size }, paint) =>
    `${paint.red(`D ${escapeForTerminal(path)}`)}  ${paint.dim(formatBytes(size))}`,
  file_changed: ({ path, before, after }, paint) => {
    const sizes = `${formatBytes(before.size)} → ${formatBytes(after.size)}`;
    return `${paint.yellow(`M ${escapeForTerminal(path)}`)}  ${paint.dim(sizes)}`;
  },
  file_renamed: ({ from, path }, paint) =>
    paint.cyan(`R ${escapeForTerminal(from)} → ${escapeForTerminal(path)}`),
  bytes: ({ before, after, offset, same }, paint) => {
    const what = same ? "same content, stored in other bytes" : "bytes differ";
    const side = ({ size, sha256 }: typeof before) =>
      `${size} bytes${sha256 === undefined ? "" : ` ${sha256.slice(0, 12)}`}`;
    return `${paint.yellow("~")} ${what} from offset ${offset}: ${paint.red(side(before))} → ${
      paint.green(side(after))
    }`;
  },
};

function hunkHead(
  { before, after }: { readonly before: LineRange; readonly after: LineRange },
  paint: Paint,
): string {
  const range = ({ start, count }: LineRange) => count === 1 ? `${start}` : `${start},${count}`;
  return paint.cyan(`@@ -${range(before)} +${range(after)} @@`);
}

function renderLine({ sign, text, unended }: Line, paint: Paint): string {
  // A tab does nothing bad and is common in data.
  const shown = sign + text.split("\t").map(escapeForTerminal).join("\t");
  const colored = sign === "+" ? paint.green(shown) : sign === "-" ? paint.red(shown) : shown;
  return unended ? `${colored}\n${paint.dim("\\ No newline at end of file")}` : colored;
}

function turned(before: Cell, after: Cell, paint: Paint): string {
  return `${paint.red(renderCell(before))} → ${paint.green(renderCell(after))}`;
}

function renderKey(key: Readonly<Record<string, Cell>> | undefined): string {
  if (key === undefined) return "";
  const parts = Object.entries(key).map(([name, cell]) =>
    `${escapeForTerminal(name)}=${renderCell(cell)}`
  );
  return ` (${parts.join(", ")})`;
}

function renderCells(
  cells: Readonly<Record<string, Cell>>,
  color: (text: string) => string,
): string {
  return Object.entries(cells)
    .map(([name, cell]) => `${escapeForTerminal(name)}: ${color(renderCell(cell))}`)
    .join("  ");
}

/**
 * Quoted where it could be taken for something else: for nothing, for null, or for less than it is.
 */
function renderCell(cell: Cell): string {
  if (cell === null) return "null";
  const text = escapeForTerminal(cell);
  return cell === "" || cell === "null" || cell.trim() !== cell ? `"${text}"` : text;
}

function inPart(part: string, text: string, paint: Paint): string {
  return text.split("\n").map((line) => `${paint.dim(`${part}:`)} ${line}`).join("\n");
}
