import type { LoggedRow } from "../../core/operation/net_change.ts";
import { recordTitle } from "../../core/operation/record_name.ts";
import type { TableReversal } from "../../core/operation/undo/reversal.ts";
import type { Registry } from "../../core/registry/registry.ts";
import type { Output } from "../output.ts";

/** How many rows are listed before the rest is only counted. */
const listedMax = 20;

/** A line for each row that an undo touches; tables of our own are left out. */
export function renderReversal(reversal: readonly TableReversal[], output: Output): string[] {
  const { paint } = output;
  const lines: string[] = [];
  const line = (word: string, registry: Registry, row: LoggedRow) => {
    const uid = row["uid"] === undefined ? "" : ` ${paint.dim(String(row["uid"]))}`;
    lines.push(`  ${word} ${output.safe(recordTitle(registry, row))}${uid}`);
  };
  for (const { registry, remove, insert, change, present } of reversal) {
    if (registry.module === "lamin") continue;
    for (const row of remove) line(paint.red("removed  "), registry, row);
    for (const row of insert) line(paint.green("back     "), registry, row);
    for (const { id, before } of change) {
      line(paint.yellow("as before"), registry, { ...present.get(id), ...before });
    }
  }
  const shown = output.verbose ? lines : lines.slice(0, listedMax);
  return lines.length > shown.length
    ? [...shown, `  … and ${lines.length - shown.length} more`]
    : shown;
}
