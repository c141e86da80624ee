import { versionSuffix } from "../../core/identity/uid.ts";
import type { SavedTransform } from "../../core/transform/save/save_transforms.ts";
import type { Output } from "../output.ts";

/** A line on a script or notebook that was saved. */
export function renderSaved({ status, row, isPlanned }: SavedTransform, output: Output): string {
  const { paint } = output;
  const words = { "added": paint.green, "unchanged": paint.dim } as const;
  const style = words[status as keyof typeof words] ?? paint.yellow;
  const version = isPlanned ? "" : ` ${paint.dim(`${row.uid} (${versionSuffix(row.uid)})`)}`;
  return `  ${style(status.padEnd(11))} ${output.safe(row.key)}${version} ${row.kind}`;
}
