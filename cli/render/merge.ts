import type { Merged } from "../../core/branch/merge/merge.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import { recordName } from "../../core/operation/record_name.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { plural as pluralOf, snakeCase } from "../../core/registry/words.ts";
import type { BranchRow } from "../../core/version/family.ts";
import type { JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** What `--json` prints. */
export const mergeFields = "from into records moved heads conflicts operation".split(" ");

/** A merge as `--json` prints it. */
export function mergeJson(merged: Merged): JsonObject {
  const { from, into, tables, heads, operation } = merged;
  return {
    from: from.name,
    into: into.name,
    records: recordsOf(merged),
    moved: Object.fromEntries(
      tables.map(({ registry, rows }) => [snakeCase(registry.model), rows.length]),
    ),
    heads: heads.map((head) => ({
      ...nameOf(head.registry, head.to),
      from: head.from?.uid ?? null,
      to: head.to.uid,
    })),
    conflicts: [
      ...merged.headConflicts.map(({ registry, into, from, kept }) => ({
        kind: "versions",
        ...nameOf(registry, kept),
        into: into.uid,
        from: from.uid,
        kept: kept.uid,
      })),
      ...merged.keyConflicts.map(({ registry, into, from }) => ({
        kind: "key",
        ...nameOf(registry, from),
        into: into.uid,
        from: from.uid,
        kept: null,
      })),
    ],
    operation: operation ?? null,
  };
}

function nameOf(registry: Registry, row: BranchRow) {
  return { registry: snakeCase(registry.model), name: recordName(registry, row) };
}

function recordsOf({ tables }: Merged): number {
  return tables.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** How many families are listed before the rest is only counted. */
const listedMax = 20;

/** The latest versions that change, the conflicts, and a line of totals. */
export function renderMerge(merged: Merged, output: Output, dryRun: boolean): string {
  const { from, into, tables, heads, headConflicts, keyConflicts } = merged;
  const { paint, safe } = output;
  const name = (registry: Registry, row: BranchRow) => safe(recordName(registry, row));
  const version = (row: BranchRow) => safe(String(row["version_tag"] ?? versionSuffix(row.uid)));
  const inConflict = new Set(headConflicts.map(({ kept }) => kept.uid));
  const lines = [
    ...heads.filter(({ to }) => !inConflict.has(to.uid)).map(({ registry, from, to }) => {
      const was = from === undefined ? "" : `${version(from)} -> `;
      return `  ${paint.blue("latest")}    ${name(registry, to)} ${paint.dim(was + version(to))}`;
    }),
    ...headConflicts.map(({ registry, into: there, from: here, kept }) => {
      const both = `${version(there)} on ${safe(into.name)}, ${version(here)} on ${
        safe(from.name)
      }: the newer one, ${version(kept)}, is the latest`;
      return `  ${paint.yellow("conflict")}  ${name(registry, kept)} ${paint.dim(both)}`;
    }),
    ...keyConflicts.map(({ registry, into: there, from: here }) => {
      const both = `${there.uid} and ${here.uid} are two with this key: 'lamin mv' renames one`;
      return `  ${paint.yellow("conflict")}  ${name(registry, here)} ${paint.dim(safe(both))}`;
    }),
  ];
  const shown = output.verbose ? lines : lines.slice(0, listedMax);
  if (lines.length > shown.length) shown.push(`  … and ${lines.length - shown.length} more`);
  const counts = tables.map(({ registry, rows }) => {
    const word = snakeCase(registry.model);
    return plural(rows.length, word, pluralOf(word));
  });
  const what = counts.length === 0 ? "no records" : counts.join(", ");
  const said = dryRun ? "would merge" : "merged";
  const sides = `${paint.bold(safe(from.name))} into ${paint.bold(safe(into.name))}`;
  return [...shown, `${said} ${sides}: ${what}`].join("\n");
}
