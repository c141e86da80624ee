import { snakeCase } from "../../core/registry/words.ts";
import type { TableSummary } from "../../core/sync/summary.ts";
import type { PushResult } from "../../core/sync/wire/push/result_json.ts";
import type { JsonObject, Output } from "../output.ts";
import { formatBytes, formatCount, plural } from "./quantity.ts";

/** What `--json` prints of a sync. */
export const syncFields = [
  "remote",
  "slug",
  "records",
  "changed",
  "same",
  "artifacts",
  "tables",
  "conflicts",
  "refused",
  "referred",
  "moved_heads",
  "objects",
  "bytes",
  "lacking",
  "operation",
  "dry_run",
];

/** Bytes that were moved with a sync, or would be. */
export interface MovedBytes {
  readonly objects: number;
  readonly bytes: number;
  readonly lacking: readonly { readonly uid: string; readonly why: Error }[];
}

export const nothingMoved: MovedBytes = { objects: 0, bytes: 0, lacking: [] };

export interface SyncShown {
  readonly remote: string;
  readonly slug: string;
  readonly result: PushResult["result"];
  readonly moved: MovedBytes;
  readonly dryRun: boolean;
}

export function syncJson({ remote, slug, result, moved, dryRun }: SyncShown): JsonObject {
  return {
    remote,
    slug,
    records: result.records,
    changed: result.changed,
    same: result.same,
    artifacts: result.artifacts.length,
    tables: result.tables.map((table) => ({
      table: table.table,
      new: table.new,
      changed: table.changed,
      removed: table.removed,
      conflicts: table.conflicts,
      ahead: table.ahead,
      known: table.known,
      deleted_here: table.deletedHere,
      deleted_there: table.deletedThere,
    })),
    conflicts: result.conflicts.map(({ table, uid, name, columns }) => ({
      table,
      uid,
      name,
      columns,
    })),
    refused: (result.applied?.refused ?? []).map(({ table, name, reason }) => ({
      table,
      name,
      reason,
    })),
    referred: result.referred,
    moved_heads: result.applied?.movedHeads ?? 0,
    objects: moved.objects,
    bytes: moved.bytes,
    lacking: moved.lacking.map(({ uid, why }) => ({ uid, why: why.message })),
    operation: result.operation ?? null,
    dry_run: dryRun,
  };
}

/** The plan or outcome in words: what came, what is left, and why. */
export function renderSync(
  { result, moved, dryRun }: SyncShown,
  direction: string,
  output: Output,
): string {
  const { dim, green, yellow } = output.paint;
  const lines: string[] = [];
  for (const table of result.tables.filter(({ isLink }) => !isLink)) {
    const text = amounts(table, dryRun, direction.startsWith("to ") ? "there" : "here");
    if (text !== "") lines.push(`  ${snakeCase(table.model).padEnd(16)} ${text}`);
  }
  const links = result.tables.filter(({ isLink }) => isLink);
  const sum = (count: (table: TableSummary) => number) =>
    links.reduce((total, table) => total + count(table), 0);
  const [added, removed] = [sum((table) => table.new), sum((table) => table.removed)];
  if (added + removed > 0) {
    const parts = [
      ...(added > 0 ? [`${formatCount(added)} new`] : []),
      ...(removed > 0 ? [`${formatCount(removed)} taken away`] : []),
    ];
    lines.push(`  ${"links".padEnd(16)} ${parts.join(", ")}`);
  }
  if (result.referred > 0) {
    lines.push(
      `  ${"read there".padEnd(16)} ${formatCount(result.referred)} that had no bytes here`,
    );
  }
  if (moved.objects > 0) {
    lines.push(
      `  ${"bytes".padEnd(16)} ${formatBytes(moved.bytes)} in ${plural(moved.objects, "object")}`,
    );
  }
  if (lines.length === 0) return dim(`nothing new ${direction}`);
  if (dryRun) lines.push(dim(`  ${"there already".padEnd(16)} ${plural(result.same, "record")}`));
  const title = dryRun ? yellow(`would go ${direction}`) : green(`went ${direction}`);
  return [title, ...lines].join("\n");
}

function amounts(table: TableSummary, dryRun: boolean, place: "here" | "there"): string {
  const parts: readonly (readonly [count: number, what: string])[] = [
    [table.new, "new"],
    [table.changed, "changed"],
    [table.known, "there under another uid"],
    [table.ahead, `newer ${place}`],
    [table.deletedHere, `left out, as deleted ${place}`],
    [table.deletedThere, `kept ${place}, though deleted ${place === "here" ? "there" : "here"}`],
    [table.conflicts, dryRun ? "in conflict" : "left in conflict"],
  ];
  return parts.filter(([count]) => count > 0).map(([count, what]) =>
    `${formatCount(count)} ${what}`
  )
    .join(", ");
}

/** What was left as it is, one line each. */
export function tellLeft({ result, moved }: SyncShown, output: Output): void {
  for (const { model, name, uid, columns } of result.conflicts.slice(0, shownMax)) {
    const what = `${snakeCase(model)} ${output.safe(name ?? uid ?? "")}`;
    const how = columns.length === 0
      ? "was changed on one side and taken away on the other"
      : `was changed on both sides: ${columns.join(", ")}`;
    output.warn(`${what} ${how}`);
  }
  tellMore(result.conflicts.length, "conflicts", output);
  if (result.conflicts.length > 0) {
    output.note("left as they are: --ours, --theirs or --newest says who is right");
  }
  const refused = result.applied?.refused ?? [];
  for (const { table, name, reason } of refused.slice(0, shownMax)) {
    output.warn(`${output.safe(name)} of ${table} did not come: ${output.safe(reason)}`);
  }
  tellMore(refused.length, "records", output);
  for (const { uid, why } of moved.lacking.slice(0, shownMax)) {
    output.warn(`without its bytes: ${uid}: ${output.safe(why.message)}`);
  }
  tellMore(moved.lacking.length, "artifacts", output);
  const heads = result.applied?.movedHeads ?? 0;
  if (heads > 0) output.note(`${plural(heads, "artifact")} got another latest version`);
}

const shownMax = 10;

function tellMore(count: number, what: string, output: Output): void {
  if (count > shownMax) output.warn(`and ${count - shownMax} more ${what}: --json lists all`);
}
