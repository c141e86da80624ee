import type { AddResult } from "../../core/artifact/add/add.ts";
import type { Added } from "../../core/artifact/add/added.ts";
import type { AddedRow } from "../../core/artifact/add/added_rows.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import type { Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/**
 * What `add` did, a line for each artifact that changed, or with `rows` for each of these, and a
 * line of totals.
 */
export function renderAdded(
  { added, unchanged }: AddResult,
  rows: readonly AddedRow[] | undefined,
  output: Output,
  options: { dryRun: boolean },
): string {
  const { count, bytes } = added.changed;
  const listed = rows === undefined
    ? added.listed.map((one) => line(one, output))
    : rows.map(({ kind, row }) =>
      line({ ...row, kind, versionTag: row.version_tag, size: row.size ?? 0 }, output)
    );
  const more = rows === undefined ? count - listed.length : 0;
  if (more > 0) listed.push(`  … and ${more} more`);
  const unchangedCount = unchanged.length + added.length - count;
  const totals: string[] = [];
  if (count > 0) {
    const verb = options.dryRun ? "would be added or changed" : "added or changed";
    totals.push(`${plural(count, "artifact")} ${verb} (${formatBytes(bytes)})`);
  }
  if (unchangedCount > 0) totals.push(`${unchangedCount} unchanged`);
  return [...listed, totals.join(", ")].filter((text) => text !== "").join("\n");
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
