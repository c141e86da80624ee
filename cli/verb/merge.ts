import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { everyRegistryOf } from "../registries.ts";
import { mergeFields, mergeJson, renderMerge } from "../render/merge.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly into?: string;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Takes over what is on another branch: its artifacts, runs, labels and all other records move to",
    "the current branch, and the branch gets the status merged. Where both have a latest version of",
    "an artifact, the newer one is the latest afterwards, as in LaminDB; both stay as versions. That",
    "both went on since is named as a conflict: 'lamin log KEY' shows the versions, and adding the",
    "content of one again makes it the latest. 'lamin undo' takes a merge back. Files stay as they are.",
  ].join("\n"),
  examples: [
    ["lamin merge cleaned-up --dry-run", "what would move, and which latest versions change"],
    ["lamin merge cleaned-up", "take it over"],
    ["lamin merge cleaned-up --into main", "without switching to main"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    into: text("branch", "Branch that takes it over; the current one unless given"),
    dryRun: toggle("Show what would be done"),
  },
  aliases: { n: "dryRun" },
  arguments: {
    brief: "Name or uid of a branch",
    placeholder: "branch",
    minimum: 1,
    maximum: 1,
    completes: "branch",
  },
  async run(context, flags, [from]) {
    const { output } = context;
    output.requireFields(mergeFields);
    const instance = await context.instance();
    const { merge } = await import("../../core/branch/merge/merge.ts");
    const merged = await merge(instance, {
      operation: context.operation("merge"),
      from: from!,
      ...(flags.into === undefined ? {} : { into: flags.into }),
      dryRun: flags.dryRun ?? false,
      registries: await everyRegistryOf(instance),
    });
    output.result(mergeJson(merged), () => renderMerge(merged, output, flags.dryRun ?? false));
  },
});
