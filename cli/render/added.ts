import type { AddResult } from "../../core/artifact/add/add.ts";
import type { Added } from "../../core/artifact/add/record.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import type { Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

/** What `add` did, a line for each artifact that changed and a line of totals. */
export function renderAdded(
  result: AddResult,
  output: Output,
  options: { dryRun: boolean },
): string {
  const changed = result.added.filter(({ kind }) => kind !== "unchanged");
  const shown = output.verbose ? result.added : changed;
  const listed = shown.slice(0, output.verbose ? Infinity : listedMax).map((one) =>
    line(one, output)
  );
  if (shown.length > listed.length) listed.push(`  … and ${shown.length - listed.length} more`);
  const unchanged = result.added.length - changed.length;
  const totals: string[] = [];
  if (changed.length > 0) {
    const bytes = changed.reduce((sum, { prepared }) => sum + prepared.size, 0);
    const verb = options.dryRun ? "would be added or changed" : "added or changed";
    totals.push(`${plural(changed.length, "artifact")} ${verb} (${formatBytes(bytes)})`);
  }
  if (unchanged > 0) totals.push(`${unchanged} unchanged`);
  return [...listed, totals.join(", ")].filter((text) => text !== "").join("\n");
}

function line({ kind, row, prepared }: Added, output: Output): string {
  const { paint } = output;
  const words = { "added": paint.green, "unchanged": paint.dim } as const;
  const style = words[kind as keyof typeof words] ?? paint.yellow;
  const name = output.safe(row.key ?? prepared.source.key ?? row.description ?? "");
  const version = row.uid
    ? ` ${
      paint.dim(
        `${output.safe(row.uid)} (${output.safe(row.version_tag ?? versionSuffix(row.uid))})`,
      )
    }`
    : "";
  return `  ${style(kind.padEnd(11))} ${name}${version} ${formatBytes(prepared.size)}`;
}
