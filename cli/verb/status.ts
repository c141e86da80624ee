import type { Status, StatusEntry } from "../../core/status/entry.ts";
import { status, type StatusReport } from "../../core/status/status.ts";
import { whyUnseen } from "../../core/work_tree/walk.ts";
import { relativeTo } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { seenFrom } from "../seen_from.ts";
import { renderShort, renderStatus } from "../render/status.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly short?: boolean;
  readonly ignored?: boolean;
  readonly exitCode?: boolean;
  readonly stale?: boolean;
}

export default verb<Flags>({
  description: [
    "Compares the work tree with the latest versions. Files that did not change since they were last",
    "looked at are not read.",
    "The letters of --short: '??' new, ' M' modified, ' D' deleted, ' R' renamed, 'XX' missing (it was",
    "registered in place and its bytes are gone), '--' not fetched, '->' elsewhere (never here, read in a",
    "storage of others), '!!' ignored. A new folder is one line unless -v is given; --json has a line for",
    "every path. What was not fetched or is elsewhere is no difference.",
    "With --stale: outputs of runs that read something of which another version is current by now, and",
    "all that was made from those, first what the others are made from. Files are not looked at.",
  ].join("\n"),
  examples: [
    ["lamin status", "everything"],
    ["lamin status raw results/umap.h5ad", "a folder and a file"],
    ["lamin status -s --ignored", "short, and with what '.laminignore' hides"],
    ["lamin status --exit-code -q", "in a script: ends with 3 when something differs"],
    ["lamin status --stale", "what should be made anew, since its inputs moved on"],
    ["lamin status --json | jq -r 'select(.status == \"new\").path'", "the new files, one a line"],
  ],
  exitCodes: [exitCode.different, exitCode.noInstance, exitCode.denied],
  flags: {
    short: toggle("One line a path, two letters before it"),
    ignored: toggle("Show what is ignored too"),
    exitCode: toggle(
      "End with 3 when something is new, modified, deleted, missing or renamed, or stale",
    ),
    stale: toggle("Outputs of runs whose inputs moved on"),
  },
  aliases: { s: "short" },
  arguments: { brief: "Files and folders to look at", placeholder: "path", completes: "path" },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  if (flags.stale) return await printStale(context, flags, args);
  const report = await status(instance, { paths: args, ignored: flags.ignored ?? false });
  print(context, flags, report, instance.workTree.root);
  for (const { path, why } of report.unseen) {
    context.output.warn(`not looked at: ${context.output.safe(path)}: ${whyUnseen[why]}`);
  }
  const isDifferent = report.entries.some((one) => !noDifference.has(one.status));
  return flags.exitCode && isDifferent ? exitCode.different : exitCode.ok;
}

async function printStale(
  context: Context,
  flags: Flags & CommonFlags,
  paths: readonly string[],
): Promise<number> {
  const { staleBelow } = await import("../../core/lineage/stale_below.ts");
  const { renderStale, staleJson } = await import("../render/stale.ts");
  const stale = await staleBelow(await context.instance(), paths);
  const { output } = context;
  if (!flags.quiet || output.mode !== "human") {
    output.results(stale.map(staleJson), () => renderStale(stale, output));
  }
  return flags.exitCode && stale.length > 0 ? exitCode.different : exitCode.ok;
}

const noDifference: ReadonlySet<Status> = new Set(["ignored", "not fetched", "elsewhere"]);

function print(
  context: Context,
  flags: Flags & CommonFlags,
  report: StatusReport,
  workTree: string,
): void {
  const { output, host } = context;
  const isInside = relativeTo(workTree, host.workingDirectory()) !== undefined;
  // From elsewhere (-C) the names are those that keys have.
  const style = { output, nameOf: isInside ? seenFrom(host, workTree) : (path: string) => path };
  if (flags.quiet && output.mode === "human") return;
  output.results(
    report.entries.map(statusJson),
    () => flags.short ? renderShort(report, style) : renderStatus(report, style),
  );
}

function statusJson({ status, path, artifact, from }: StatusEntry): JsonObject {
  return {
    status,
    path,
    key: artifact?.key ?? null,
    uid: artifact?.uid ?? null,
    from: from ?? null,
  };
}
