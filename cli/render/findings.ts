import type { FsckResult } from "../../core/fsck/fsck.ts";
import type { JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

type Finding = FsckResult["findings"][number];

/** How many findings of a kind are listed before the rest is only counted. */
const listedMax = 10;

/** The fields of a finding. */
export const findingFields: readonly string[] =
  "severity kind uid key name detail mendable repaired"
    .split(" ");

/** A finding as `--json` prints it. */
export function findingJson({ mend, isRepaired, ...finding }: Finding): JsonObject {
  return { ...finding, mendable: mend !== undefined, repaired: isRepaired };
}

/** What was found, damage first, for people. */
export function renderFindings(
  result: FsckResult,
  output: Output,
  options: { deep: boolean; repair: boolean },
): string {
  const lines: string[] = [];
  for (const severity of ["damage", "note"] as const) {
    const ofSeverity = result.findings.filter((finding) => finding.severity === severity);
    for (const [kind, findings] of Map.groupBy(ofSeverity, (finding) => finding.kind)) {
      const max = output.verbose ? Infinity : severity === "damage" ? listedMax : 3;
      lines.push(...findings.slice(0, max).map((finding) => line(finding, output)));
      if (findings.length > max) {
        lines.push(`  … and ${findings.length - max} more: ${kind} (-v lists all)`);
      }
    }
  }
  return [...lines, verdict(result, options)].join("\n");
}

function line(finding: Finding, output: Output): string {
  const { paint } = output;
  const word = finding.isRepaired ? "repaired" : finding.kind;
  const style = finding.isRepaired
    ? paint.green
    : finding.severity === "damage"
    ? paint.red
    : paint.dim;
  const about = [finding.key, finding.uid].filter((text) => text !== null).join(" ");
  const name = finding.name === null ? "" : ` ${paint.dim(`(${output.safe(finding.name)})`)}`;
  const what = about === "" ? "" : `${output.safe(about)}: `;
  return `  ${style(word.padEnd(11))} ${what}${output.safe(finding.detail)}${name}`;
}

function verdict(
  { findings, artifacts, adopted }: FsckResult,
  { deep, repair }: { deep: boolean; repair: boolean },
): string {
  const damage = findings.filter(({ severity }) => severity === "damage");
  const left = damage.filter(({ isRepaired }) => !isRepaired);
  const looked = `${plural(artifacts, "artifact")} ${deep ? "read" : "looked at"}`;
  const parts = [looked];
  if (damage.length === 0) parts.push("no damage");
  else if (repair) {
    parts.push(`${damage.length - left.length} of ${plural(damage.length, "fault")} repaired`);
  } else parts.push(plural(damage.length, "fault"));
  if (adopted > 0) parts.push(`the content of ${plural(adopted, "artifact")} of Python noted`);
  return parts.join(", ");
}
