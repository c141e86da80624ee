import type { Count, Summary } from "../../core/format/change.ts";
import { escapeForTerminal } from "../../core/text/escape.ts";
import type { Paint } from "./paint.ts";
import { plural } from "./quantity.ts";

export interface StatEntry {
  readonly name: string;
  readonly summary: Summary;
}

/** Most signs in a bar. */
const barMax = 40;

/**
 * A line for each content and one for the sum, as `git diff --stat` does it: ` a.txt | 5 +++--`,
 * ` t.parquet | 3 rows +1 -1 ~1, 2 cells`, ` x.bin | 10 -> 20 bytes`. Empty for no entries.
 */
export function renderStat(entries: readonly StatEntry[], paint: Paint): string {
  if (entries.length === 0) return "";
  const names = entries.map((entry) => escapeForTerminal(entry.name));
  const width = names.reduce((most, name) => Math.max(most, name.length), 0);
  const linesMax = entries.reduce((most, { summary }) => Math.max(most, changedLines(summary)), 1);
  const lines = entries.map(({ summary }, index) =>
    ` ${names[index]!.padEnd(width)} | ${renderOne(summary, linesMax, paint)}`
  );
  return [...lines, ` ${renderSum(entries)}`].join("\n");
}

/** What differs, in numbers. */
export function renderOne(summary: Summary, linesMax: number, paint: Paint): string {
  if (summary.same) {
    return summary.identical === false ? "same content, stored in other bytes" : "no difference";
  }
  const about = summary.approximate ? "about " : "";
  const lines = summary.counts.find((count) => count.of === "lines");
  if (lines !== undefined) {
    const { added, removed } = lines;
    return `${about}${added + removed} ${bar(added, removed, linesMax, paint)}`;
  }
  const parts = summary.counts.filter((count) => total(count) > 0).map((count) => part(count));
  if (parts.length > 0) return about + parts.join(", ");
  if (summary.counts.length > 0) return "another order";
  const { before, after } = summary.size;
  return `${before} -> ${after} bytes`;
}

/** Signs for added and removed lines, as many as there are lines where all fit. */
function bar(added: number, removed: number, linesMax: number, paint: Paint): string {
  const scale = Math.min(1, barMax / linesMax);
  const signs = (count: number) => count === 0 ? 0 : Math.max(1, Math.round(count * scale));
  return paint.green("+".repeat(signs(added))) + paint.red("-".repeat(signs(removed)));
}

function part(count: Count): string {
  const { of, added, removed, changed, renamed = 0 } = count;
  const what = total(count) === 1 ? of.replace(/s$/, "") : of;
  const signs = [
    added > 0 ? `+${added}` : "",
    removed > 0 ? `-${removed}` : "",
    changed > 0 && of !== "cells" ? `~${changed}` : "",
    renamed > 0 ? `→${renamed}` : "",
  ].filter((sign) => sign !== "");
  return [`${total(count)} ${what}`, ...signs].join(" ");
}

function renderSum(entries: readonly StatEntry[]): string {
  const changed = entries.filter(({ summary }) => !summary.same || summary.identical === false);
  const sums = new Map<string, Count>();
  for (const count of entries.flatMap(({ summary }) => summary.counts)) {
    sums.set(count.of, plus(sums.get(count.of), count));
  }
  const parts = [...sums.values()].filter((count) => total(count) > 0).map((count) =>
    count.of === "lines"
      ? `${plural(count.added, "line")} added(+), ${plural(count.removed, "line")} removed(-)`
      : part(count)
  );
  return [`${plural(changed.length, "file")} changed`, ...parts].join(", ");
}

function plus(sum: Count | undefined, count: Count): Count {
  if (sum === undefined) return count;
  return {
    of: count.of,
    added: sum.added + count.added,
    removed: sum.removed + count.removed,
    changed: sum.changed + count.changed,
    renamed: (sum.renamed ?? 0) + (count.renamed ?? 0),
  };
}

function total({ added, removed, changed, renamed = 0 }: Count): number {
  return added + removed + changed + renamed;
}

function changedLines({ counts }: Summary): number {
  const lines = counts.find((count) => count.of === "lines");
  return lines === undefined ? 0 : total(lines);
}
