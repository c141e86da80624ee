import { faultText } from "../../core/migrate/faults/fault.ts";
import type { Moved } from "../../core/migrate/move.ts";
import type { JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** What `lamin migrate-db --json` prints. */
export const movedFields: readonly string[] = "state from to rows tables faults fault_count kept_at"
  .split(" ");

export function movedJson(moved: Moved): JsonObject {
  return {
    state: moved.state,
    from: moved.from,
    to: moved.to,
    rows: rowsOf(moved),
    tables: moved.tables.map(({ table, rows }) => ({ table, rows })),
    faults: moved.faults.map((fault) => ({ ...fault })),
    fault_count: moved.faultCount,
    kept_at: moved.keptAt ?? null,
  };
}

function rowsOf({ tables }: Moved): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

/** What was moved or would be, and what stands in the way, for people. */
export function renderMoved(moved: Moved, output: Output): string {
  const { state, keptAt } = moved;
  const to = output.safe(moved.to);
  const rows = plural(rowsOf(moved), "row");
  const kept = keptAt === undefined ? [] : [
    `the former database is kept as ${output.safe(keptAt)}`,
  ];
  switch (state) {
    case "refused":
      return faultLines(moved, output).join("\n");
    case "planned":
      return [...tableLines(moved, output), `to move: ${rows} to ${to}`].join("\n");
    case "moved":
      return [`moved ${rows} to ${output.paint.bold(to)}`, ...kept].join("\n");
    case "finished":
      return [`the rows are in ${output.paint.bold(to)} now`, ...kept].join("\n");
    case "unchanged":
      return `the rows are in ${to} already`;
  }
}

function tableLines({ tables }: Moved, output: Output): string[] {
  return tables.map(({ table, rows }) => `  ${String(rows).padStart(9)}  ${output.safe(table)}`);
}

function faultLines({ faults, faultCount, to }: Moved, output: Output): string[] {
  const lines = faults.flatMap((fault) => [
    `${output.paint.red("✗")} ${output.safe(faultText(fault))}`,
    output.paint.dim(`    ${output.safe(fault.remedy)}`),
  ]);
  const more = faultCount - faults.length;
  if (more > 0) lines.push(`  … and ${more} more`);
  lines.push(`${plural(faultCount, "thing")} cannot be moved to ${output.safe(to)}`);
  return lines;
}
