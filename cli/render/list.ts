import type { Output } from "../output.ts";
import { cellText } from "./cell.ts";
import type { Column } from "./columns.ts";
import { renderTable } from "./table.ts";
import { prepareWidths } from "./width.ts";

/** How many related records a cell names. */
const namedMax = 5;

/**
 * Rows of values as a table for people; columns without any value are left out unless `all` of them
 * were asked for.
 */
export async function renderList(
  columns: readonly Column[],
  rows: readonly (readonly (readonly unknown[])[])[],
  output: Output,
  all: boolean,
): Promise<string> {
  const cells = rows.map((row) =>
    row.map((values, index) => output.safe(textOf(columns[index]!, values)))
  );
  await prepareWidths(cells.flat());
  const kept = columns.map((_, index) => all || cells.some((row) => row[index] !== ""));
  const keep = <T>(list: readonly T[]) => list.filter((_, index) => kept[index]);
  return renderTable(
    keep(columns).map(({ name, isNumber }) => ({
      title: all ? name : name.replace(/__(key|name|handle)$/, ""),
      align: isNumber ? "right" as const : "left" as const,
      whole: name === "uid",
    })),
    cells.map(keep),
    { width: output.width, paint: output.paint },
  );
}

function textOf({ target }: Column, values: readonly unknown[]): string {
  const texts = [...new Set(values.map((value) => cellText(target, value)))].filter(Boolean);
  const more = texts.length > namedMax ? ", …" : "";
  return texts.slice(0, namedMax).join(", ") + more;
}
