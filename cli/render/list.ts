import type { Output } from "../output.ts";
import type { Column } from "./columns.ts";
import { leastImportant } from "./list_columns.ts";
import { renderTable, type TableColumn, tableWidth } from "./table.ts";
import { prepareWidths } from "./width.ts";

/**
 * Rows of values as a table for people. Unless they were `asked` for, columns that say nothing are
 * left out, and the least important ones where the terminal is too narrow for all.
 */
export async function renderList(
  columns: readonly Column[],
  rows: readonly (readonly (readonly unknown[])[])[],
  output: Output,
  asked: boolean,
): Promise<string> {
  const cells = rows.map((row) =>
    row.map((values, index) => output.safe(columns[index]!.text(values)))
  );
  await prepareWidths(cells.flat());
  const all = columns.map((column, index) => ({
    title: asked ? column.name : column.name.replace(/__(key|name|handle)$/, ""),
    align: column.isNumber ? "right" as const : "left" as const,
    whole: column.isWhole,
    cells: cells.map((row) => row[index]!),
  }));
  const shown = asked ? all : thatFit(all.filter(saysSomething), output.width);
  return renderTable(
    shown,
    rows.map((_, row) => shown.map(({ cells }) => cells[row]!)),
    { width: output.width, paint: output.paint },
  );
}

interface ListColumn extends TableColumn {
  readonly cells: readonly string[];
}

function saysSomething({ title, cells }: ListColumn): boolean {
  const nothing = title === "is_latest" ? [""] : ["", "✗"];
  return cells.some((cell) => !nothing.includes(cell));
}

function thatFit(columns: readonly ListColumn[], width: number): ListColumn[] {
  let shown = [...columns];
  for (const least of leastImportant) {
    if (tableWidth(shown, shown.map(({ cells }) => cells)) <= width) break;
    shown = shown.filter(({ title }) => title !== least);
  }
  return shown;
}
