import { recordName } from "../../core/operation/record_name.ts";
import { plural as pluralOf, snakeCase } from "../../core/registry/words.ts";
import type { DeletionPlan } from "../../core/trash/delete.ts";
import type { Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many records are listed before the rest is only counted. */
const listedMax = 20;

/** The records that go for good, and how many others go with them. */
export function renderDeletion(plan: DeletionPlan, output: Output, verb: string): string {
  const { registry, rows } = plan;
  const { paint } = output;
  const shown = rows.slice(0, output.verbose ? Infinity : listedMax);
  const lines = shown.map((row) => {
    const size = typeof row["size"] === "number" ? ` ${formatBytes(row["size"])}` : "";
    const name = output.safe(recordName(registry, row));
    return `  ${paint.red("deleted  ")} ${name} ${paint.dim(row.uid)}${size}`;
  });
  if (rows.length > shown.length) lines.push(`  … and ${rows.length - shown.length} more`);
  const word = snakeCase(registry.model);
  const own = new Set(rows.map(({ id }) => id));
  const others = [...plan.deleted].flatMap(([one, gone]) => {
    const count = one === registry
      ? gone.filter((row) => !own.has(row["id"] as number)).length
      : gone.length;
    return count > 0 && one.module !== "lamin" ? [`${count} of ${one.model}`] : [];
  });
  const cleared = plan.cleared.reduce((sum, one) => sum + one.rows.length, 0);
  const along = others.length > 0 ? `, with ${others.join(", ")}` : "";
  const emptied = cleared > 0 ? `, and ${plural(cleared, "reference")} emptied` : "";
  return [
    ...lines,
    `${plural(rows.length, word, pluralOf(word))} ${verb} for good${along}${emptied}`,
  ]
    .join("\n");
}
