import { collapse, type Collapsed } from "../../core/status/collapse.ts";
import type { Status, StatusEntry } from "../../core/status/entry.ts";
import { foldersAbove } from "../../core/status/folders.ts";
import type { StatusReport } from "../../core/status/status.ts";
import type { Output } from "../output.ts";
import { plural } from "./quantity.ts";

export interface StatusStyle {
  readonly output: Output;
  /** A path in the work tree as it is called from the working directory. */
  readonly nameOf: (path: string) => string;
}

/** Two letters for each status, as `--short` prints them. */
export const shortCodes: Readonly<Record<Status, string>> = {
  "new": "??",
  "modified": " M",
  "deleted": " D",
  "missing": "XX",
  "renamed": " R",
  "not fetched": "--",
  "elsewhere": "->",
  "ignored": "!!",
};

/** How many lines of what never was here are shown. */
const absentLinesMax = 10;

/** The report in groups, new folders and folders of which nothing was fetched as one line each. */
export function renderStatus(report: StatusReport, style: StatusStyle): string {
  const { paint, verbose } = style.output;
  const groups = [
    group("Changes:", changes(report, style)),
    group("New:", lines(fresh(report, verbose), style, paint.green)),
    group("Not fetched:", absentLines("not fetched", report, style)),
    group("Elsewhere:", absentLines("elsewhere", report, style)),
    group("Ignored:", lines(withStatus(report, "ignored").map(single), style, paint.dim)),
  ].filter((text) => text !== "");
  return [`On branch ${style.output.safe(report.branch)}`, ...groups, closing(report, style)]
    .join("\n\n");
}

/** The report with a line for each path and its two letters before it. */
export function renderShort(report: StatusReport, style: StatusStyle): string {
  const { verbose } = style.output;
  const line = (status: Status) => (one: Collapsed) =>
    `${shortCodes[status]} ${shownName(one, style)}`;
  const changed = report.entries
    .filter(({ status }) => changeStatuses.includes(status))
    .map((entry) => {
      const from = entry.from === undefined
        ? ""
        : `${style.output.safe(style.nameOf(entry.from))} -> `;
      return `${shortCodes[entry.status]} ${from}${shownName(single(entry), style)}`;
    });
  return [
    ...changed,
    ...fresh(report, verbose).map(line("new")),
    ...absent("not fetched", report, verbose).map(line("not fetched")),
    ...absent("elsewhere", report, verbose).map(line("elsewhere")),
    ...withStatus(report, "ignored").map(single).map(line("ignored")),
  ].join("\n");
}

const changeStatuses: readonly Status[] = ["modified", "deleted", "missing", "renamed"];

function changes(report: StatusReport, style: StatusStyle): string[] {
  const { paint, safe } = style.output;
  const paints = { "renamed": paint.yellow, "modified": paint.yellow } as const;
  return report.entries.filter(({ status }) => changeStatuses.includes(status)).map((entry) => {
    const colour = paints[entry.status as keyof typeof paints] ?? paint.red;
    const from = entry.from === undefined ? "" : `${safe(style.nameOf(entry.from))} -> `;
    return colour(`${`${entry.status}:`.padEnd(10)} ${from}${shownName(single(entry), style)}`);
  });
}

function fresh(report: StatusReport, isWhole: boolean): Collapsed[] {
  const entries = withStatus(report, "new");
  if (isWhole) return entries.map(single);
  const others = report.entries.filter(({ status }) => changeStatuses.includes(status));
  const paths = others.flatMap(({ path, from }) => from === undefined ? [path] : [path, from]);
  return collapse(entries, occupiedBy(report, paths));
}

/** How something that never was here is called. */
type Absence = "not fetched" | "elsewhere";

function absent(absence: Absence, report: StatusReport, isWhole: boolean): Collapsed[] {
  const entries = withStatus(report, absence);
  if (isWhole) return entries.map(single);
  const others = report.entries.filter(({ status }) => status !== absence);
  return collapse(entries, occupiedBy(report, others.map(({ path }) => path)));
}

/** Folders above what is as recorded and above these paths. */
function occupiedBy({ recorded }: StatusReport, paths: readonly string[]): ReadonlySet<string> {
  return foldersAbove(paths, new Set(recorded.folders));
}

function absentLines(absence: Absence, report: StatusReport, style: StatusStyle): string[] {
  const { paint, verbose } = style.output;
  const all = absent(absence, report, verbose);
  const shown = verbose ? all : all.slice(0, absentLinesMax);
  const rest = all.slice(shown.length).reduce((sum, { count }) => sum + count, 0);
  const end = rest === 0 ? [] : [paint.dim(`… and ${plural(rest, "more artifact")} (see -v)`)];
  return [...lines(shown, style, paint.dim), ...end];
}

function withStatus(report: StatusReport, status: Status): StatusEntry[] {
  return report.entries.filter((entry) => entry.status === status);
}

function single({ path, isFolder }: StatusEntry): Collapsed {
  return { path, isFolder, count: 1 };
}

function lines(
  collapsed: readonly Collapsed[],
  style: StatusStyle,
  colour: (text: string) => string,
): string[] {
  return collapsed.map((one) => {
    const count = one.count === 1 ? "" : style.output.paint.dim(` (${one.count})`);
    return colour(shownName(one, style)) + count;
  });
}

function shownName({ path, isFolder }: Collapsed, { output, nameOf }: StatusStyle): string {
  return output.safe(nameOf(path)) + (isFolder ? "/" : "");
}

function group(title: string, members: readonly string[]): string {
  return members.length === 0 ? "" : [title, ...members.map((line) => `  ${line}`)].join("\n");
}

/** What it comes to, and what to do about it. */
function closing(report: StatusReport, { output }: StatusStyle): string {
  const has = (...statuses: Status[]) => report.entries.some((e) => statuses.includes(e.status));
  const hints = [
    ...(has("new", "modified") ? ["'lamin add PATH' records what is new or modified"] : []),
    ...(has("renamed") ? ["'lamin mv OLD NEW' records that something was renamed"] : []),
    ...(has("deleted")
      ? ["'lamin get PATH' brings back what was deleted, 'lamin rm' records it"]
      : []),
    ...(has("missing") ? ["'lamin fsck' tells more of what is missing"] : []),
    ...(has("not fetched") ? ["'lamin get PATH' fetches what is not here"] : []),
    ...(report.isAwaited
      ? ["'lamin fetch PATH' brings it before, where its bytes are remote"]
      : []),
    ...(has("elsewhere")
      ? ["'lamin get PATH' copies what is elsewhere here, 'lamin verify' looks at it there"]
      : []),
  ];
  const isClean = !has("new", ...changeStatuses);
  const count = plural(report.recorded.count, "artifact");
  const summary = isClean ? `Nothing changed, ${count} as recorded` : `${count} as recorded`;
  return [summary, ...hints.map((hint) => output.paint.dim(`  ${hint}`))].join("\n");
}
