import type { MovedArtifact } from "../../core/artifact/move/move.ts";
import type { Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

/** What `mv` did: a line for each artifact, and one that counts them when there are several. */
export function renderRenamed(
  moved: readonly MovedArtifact[],
  output: Output,
  dryRun: boolean,
): string {
  const shown = output.verbose ? moved : moved.slice(0, listedMax);
  const lines = shown.map((one) => line(one, output));
  const verb = dryRun ? "would be renamed" : "renamed";
  if (moved.length > shown.length) lines.push(`  … and ${moved.length - shown.length} more`);
  if (moved.length > 1) lines.push(`${plural(moved.length, "artifact")} ${verb}`);
  return lines.join("\n");
}

function line({ row, from, versions, file }: MovedArtifact, output: Output): string {
  const { paint } = output;
  const former = output.safe(from ?? row.uid);
  const remarks = [
    ...(versions > 1 ? [plural(versions, "version")] : []),
    ...(file === "moved by hand" ? ["the file was there already"] : []),
    ...(file === "not here" ? ["no file here"] : []),
    ...(file === "left" ? ["the file keeps its name: none like it is written here"] : []),
  ];
  const end = remarks.length > 0 ? paint.dim(` (${remarks.join(", ")})`) : "";
  return `  ${paint.yellow("renamed")} ${former} -> ${output.safe(row.key!)}${end}`;
}
