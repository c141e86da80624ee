import { archiveBranch, mainBranch, trashBranch } from "../../core/version/branch_ids.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import type { LogEntry, LogFilter } from "../../core/log/entry.ts";
import type { VersionEntry } from "../../core/log/version_log.ts";
import { meaningOf } from "../../core/reference/meaning.ts";
import { branch } from "../../core/registry/lamindb/branch.ts";
import { user } from "../../core/registry/lamindb/user.ts";
import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, text, toggle } from "../flags.ts";
import type { Output } from "../output.ts";
import { renderGraph } from "../render/graph.ts";
import { settleLeft } from "../run/settle_left.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly number?: number;
  readonly oneline?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly author?: string;
  readonly graph?: boolean;
  readonly allBranches?: boolean;
}

/** How many entries are shown unless more are asked for. */
const shownMax = 20;

export default verb<Flags>({
  description: [
    "Shows what happened, the newest first: in the whole instance, below a folder, or to an artifact.",
    "Commands of lamin are entries, as are runs that Python recorded and what Python wrote without one.",
    "Of an artifact every version is shown, on all branches and in the trash, with what made it.",
    "Times are UTC; --since and --until take '2026-11-24', '2026-11-24 13:45', yesterday or '2 days'.",
  ].join("\n"),
  examples: [
    ["lamin log", "the last 20 entries of the instance"],
    ["lamin log raw/counts.csv", "the versions of an artifact and what happened to them"],
    ["lamin log --oneline --since '2 days' raw", "a folder, a line each"],
    ["lamin log --graph model.pkl", "versions beside a graph of their branches"],
    ["lamin log -n 0 --json --author ada", "all that one person did, one JSON object a line"],
  ],
  exitCodes: [exitCode.noInstance],
  flags: {
    number: count("count", `How many entries, ${shownMax} unless given; 0 for all`),
    oneline: toggle("One line an entry"),
    since: text("time", "From this time on"),
    until: text("time", "Up to this time"),
    author: text("handle", "Only what this person did"),
    graph: toggle("Draw branches beside the entries"),
    allBranches: toggle(
      "Show what Python wrote on other branches than the current one and main, too",
    ),
  },
  aliases: { n: "number" },
  arguments: {
    brief: "Key, folder, uid or other reference; the whole instance unless given",
    placeholder: "reference",
    maximum: 1,
    completes: "reference",
  },
  async run(context, flags, [reference]) {
    const instance = await context.instance({ readOnly: true });
    await settleLeft(instance);
    const limit = flags.number === 0 ? Infinity : flags.number ?? shownMax;
    const log = await instance.database.read(async (reader) => {
      const filter = await filterOf(context, flags, instance, reader, limit + 1);
      return await loadLog(instance, reader, reference, filter);
    });
    await print(context.output, flags, log, limit);
  },
});

async function filterOf(
  context: Context,
  flags: Flags,
  instance: Instance,
  reader: Reader,
  limit: number,
): Promise<LogFilter> {
  const current = await currentBranchId(instance, reader);
  const branches = [...new Set([current, mainBranch, archiveBranch, trashBranch])];
  if (flags.author !== undefined) await requireAuthor(reader, flags.author);
  const filter = { limit, author: flags.author, ...(flags.allBranches ? {} : { branches }) };
  if (flags.since === undefined && flags.until === undefined) return filter;
  const { parseTime } = await import("../parse_time.ts");
  const time = (given: string | undefined, edge: "start" | "end") =>
    given === undefined ? undefined : parseTime(given, context.host.now(), edge);
  return { ...filter, since: time(flags.since, "start"), until: time(flags.until, "end") };
}

/** Throws code "not_found" with the nearest handles when nobody of this handle wrote anything. */
async function requireAuthor(reader: Reader, handle: string): Promise<void> {
  const handles = (await reader.select(user)).map((row) => row.handle);
  if (handles.includes(handle)) return;
  const { nearest } = await import("../../core/text/nearest.ts");
  const near = nearest(handle, handles);
  throw new LaminError("not_found", `nobody called '${handle}' has written to this instance`, {
    hint: near.length > 0
      ? `did you mean '${near[0]}'?`
      : `people: ${handles.slice(0, 20).join(", ")}`,
    data: { author: handle },
  });
}

/** Entries of the instance or a folder, or of an artifact; with the names of branches by id. */
type Log =
  | {
    readonly kind: "entries";
    readonly entries: readonly LogEntry[];
    readonly branches: ReadonlyMap<number, string>;
  }
  | { readonly kind: "versions"; readonly entries: readonly VersionEntry[] };

async function loadLog(
  instance: Instance,
  reader: Reader,
  reference: string | undefined,
  filter: LogFilter,
): Promise<Log> {
  const meaning = reference === undefined
    ? undefined
    : await meaningOf(instance, reader, reference, "all");
  if (meaning !== undefined && meaning.kind !== "folder") {
    const { versionLog } = await import("../../core/log/version_log.ts");
    return { kind: "versions", entries: await versionLog(reader, [meaning.row], filter) };
  }
  const branches = new Map((await reader.select(branch)).map(({ id, name }) => [id, name]));
  if (meaning === undefined || meaning.prefix === "") {
    const { wholeLog } = await import("../../core/log/whole_log.ts");
    return { kind: "entries", entries: await wholeLog(reader, filter), branches };
  }
  const { folderLog } = await import("../../core/log/folder_log.ts");
  return { kind: "entries", entries: await folderLog(reader, meaning.prefix, filter), branches };
}

async function print(output: Output, flags: Flags, log: Log, limit: number): Promise<void> {
  const isMore = log.entries.length > limit;
  if (log.kind === "versions") {
    const { versionEntryJson, versionEntryLine, versionEntryLines } = await import(
      "../render/version_entry.ts"
    );
    const shown = log.entries.slice(0, limit);
    output.results(shown.map(versionEntryJson), () =>
      layOut(
        output,
        flags,
        shown.map((entry) => ({
          lane: entry.branch,
          lines: flags.oneline
            ? [versionEntryLine(entry, output)]
            : versionEntryLines(entry, output),
        })),
      ));
  } else {
    const { logEntryJson, logEntryLine, logEntryLines } = await import("../render/log_entry.ts");
    const shown = log.entries.slice(0, limit);
    output.results(shown.map(logEntryJson), () =>
      layOut(
        output,
        flags,
        shown.map((entry) => ({
          lane: laneOf(entry, log.branches),
          lines: flags.oneline ? [logEntryLine(entry, output)] : logEntryLines(entry, output),
        })),
      ));
  }
  if (isMore) output.note("older entries are not shown: -n 0 shows all");
}

/** Name of the branch that the first artifact of an entry is on. */
function laneOf({ artifacts: [first] }: LogEntry, branches: ReadonlyMap<number, string>): string {
  if (first === undefined) return trunk;
  const { branch_id, created_on_id } = first.row;
  return branches.get(branch_id === trashBranch ? created_on_id : branch_id) ?? trunk;
}

/** Name of the branch that stands at the left. */
const trunk = "main";

function layOut(
  output: Output,
  flags: Flags,
  items: readonly { readonly lane: string; readonly lines: readonly string[] }[],
): string {
  if (flags.graph) return renderGraph(items, trunk, output.paint).trimEnd();
  return items.flatMap(({ lines }) => lines).join("\n").trimEnd();
}
