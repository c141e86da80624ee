import { plural } from "../../core/text/quantity.ts";
import type { LoggedOperation } from "../../core/operation/log.ts";
import type { RowChangeShown } from "../../core/operation/row_changes.ts";
import type { Output } from "../output.ts";
import { momentText } from "./moment.ts";
import { commandLine } from "./operation_json.ts";
import { renderRowChange } from "./row_change.ts";

/** A line for each operation. */
export function renderOperations(operations: readonly LoggedOperation[], output: Output): string {
  const { paint } = output;
  return operations.map((operation) => {
    const { uid, created_at, verb, summary } = operation;
    const who = output.safe(`${operation.user}@${operation.host}`);
    return [
      paint.yellow(output.safe(uid)),
      output.safe(momentText(created_at)),
      paint.dim(who),
      paint.bold(output.safe(verb).padEnd(7)),
      output.safe(summary) + undoneText(operation, output),
    ].join("  ");
  }).join("\n");
}

/** How many rows are listed before the rest is only counted. */
const listedMax = 50;

/** One operation with the rows that it changed; tables of our own only when more is asked for. */
export function renderOperation(
  operation: LoggedOperation,
  changes: readonly RowChangeShown[],
  output: Output,
): string {
  const { paint } = output;
  const ours = changes.filter(({ table }) => table.startsWith("lamin_"));
  const listed = output.verbose ? changes : changes.filter((change) => !ours.includes(change));
  const shown = output.verbose ? listed : listed.slice(0, listedMax);
  const { uid, verb, created_at, user, host, undoes } = operation;
  const lines = [
    `${paint.yellow(`operation ${output.safe(uid)}`)} ${paint.bold(output.safe(verb))}${
      undoneText(operation, output)
    }`,
    `Author:  ${output.safe(`${user}@${host}`)}`,
    `Date:    ${output.safe(momentText(created_at))}`,
    `Command: ${output.safe(commandLine(operation))}`,
    ...(undoes === undefined ? [] : [`Undoes:  ${output.safe(undoes)}`]),
    "",
    ...shown.flatMap((change) => renderRowChange(change, output)),
  ];
  if (listed.length > shown.length) {
    lines.push(`  … and ${listed.length - shown.length} more (-v shows all)`);
  }
  if (ours.length > 0 && !output.verbose) {
    lines.push(paint.dim(`  and ${plural(ours.length, "row")} of lamin's own tables`));
  }
  return lines.join("\n");
}

/** ` (undone by …)`, or nothing. */
export function undoneText(operation: LoggedOperation, output: Output): string {
  if (operation.undoneBy === undefined) return "";
  return output.paint.red(` (undone by ${output.safe(operation.undoneBy)})`);
}
