import { stemUid, versionSuffix } from "../../core/identity/uid.ts";
import { recordName } from "../../core/operation/record_name.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { plural as pluralOf, snakeCase } from "../../core/registry/words.ts";
import { type BranchRow, hasVersions } from "../../core/version/family.ts";
import type { Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** A record and where it went: to the trash, back from it, or to the head of its family. */
export interface Moved {
  readonly status: "trashed" | "restored" | "latest";
  readonly row: BranchRow;
}

/** How many families are listed before the rest is only counted. */
const listedMax = 20;

/** A line for each family that moved, and a line of totals. */
export function renderMoved(
  registry: Registry,
  moved: readonly Moved[],
  output: Output,
  dryRun: boolean,
): string {
  const families = Map.groupBy(
    moved,
    ({ status, row }) => `${status} ${hasVersions(registry) ? stemUid(row.uid) : row.uid}`,
  );
  const listed = [...families.values()].slice(0, output.verbose ? Infinity : listedMax)
    .map((family) => line(registry, family, output));
  const hidden = families.size - listed.length;
  if (hidden > 0) listed.push(`  … and ${hidden} more`);
  return [...listed, totals(registry, [...families.values()], dryRun)].join("\n");
}

function line(registry: Registry, family: readonly Moved[], output: Output): string {
  const { paint } = output;
  const { status, row } = family.find((one) => one.row.is_latest) ?? family.at(-1)!;
  const style = { trashed: paint.yellow, restored: paint.green, latest: paint.blue }[status];
  const version = hasVersions(registry) ? ` (${row["version_tag"] ?? versionSuffix(row.uid)})` : "";
  const count = family.length > 1 ? ` (${family.length} versions)` : version;
  const name = output.safe(recordName(registry, row));
  return `  ${style(status.padEnd(9))} ${name} ${paint.dim(output.safe(`${row.uid}${count}`))}`;
}

function totals(registry: Registry, families: readonly Moved[][], dryRun: boolean): string {
  const word = snakeCase(registry.model);
  const count = (status: Moved["status"]) =>
    families.filter(([first]) => first!.status === status).length;
  const would = dryRun ? "would go " : "";
  const trashed = count("trashed");
  const restored = count("restored");
  const what = (many: number) => plural(many, word, pluralOf(word));
  return [
    ...(trashed > 0 ? [`${what(trashed)} ${would}to the trash`] : []),
    ...(restored > 0 ? [`${what(restored)} ${would}back from the trash`] : []),
  ].join(", ");
}
