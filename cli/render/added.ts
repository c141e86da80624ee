import type { AddResult } from "../../core/artifact/add/add.ts";
import type { Added } from "../../core/artifact/add/added.ts";
import type { AddedRow } from "../../core/artifact/add/added_rows.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import type { Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

/**
 * What `add` did, a line for each artifact that changed (and for those in `unchanged`) and a line
 * of totals.
 */
export function renderAdded(
  result: AddResult,
  unchanged: readonly AddedRow[],
  output: Output,
  options: { dryRun: boolean },
): string {
  const changed = result.added.filter(({ kind }) => kind !== "unchanged");
  const shown = output.verbose ? result.added : changed;
  const listed = shown.slice(0, output.verbose ? Infinity : listedMax).map((one) =>
    line(one, output)
  );
  if (shown.length > listed.length) listed.push(`  … and ${shown.length - listed.length} more`);
  const unchangedCount = result.unchanged.length + result.added.length - changed.length;
  const totals: string[] = [];
  if (changed.length > 0) {
    const bytes = changed.reduce((sum, { size }) => sum + size, 0);
    const verb = options.dryRun ? "would be added or changed" : "added or changed";
    totals.push(`${plural(changed.length, "artifact")} ${verb} (${formatBytes(bytes)})`);
  }
  if (unchangedCount > 0) totals.push(`${unchangedCount} unchanged`);
  const before = unchanged.map(({ kind, row }) =>
    line({ ...row, kind, versionTag: row.version_tag, size: row.size ?? 0 }, output)
  );
  return [...before, ...listed, totals.join(", ")].filter((text) => text !== "").join("\n");
}

type Line = Pick<Added, "kind" | "uid" | "key" | "description" | "versionTag" | "size">;

function line({ kind, uid, key, description, versionTag, size }: Line, output: Output): string {
  const { paint } = output;
  const words = { "added": paint.green, "unchanged": paint.dim } as const;
  const style = words[kind as keyof typeof words] ?? paint.yellow;
  const name = output.safe(key ?? description ?? "");
  const version = uid ? ` ${paint.dim(`${uid} (${versionTag ?? versionSuffix(uid)})`)}` : "";
  return `  ${style(kind.padEnd(11))} ${name}${version} ${formatBytes(size)}`;
}
