import { move } from "../../core/artifact/move/move.ts";
import { artifact } from "../../core/registry/lamindb/artifact.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { artifactJson } from "../render/artifact_json.ts";
import { renderRenamed } from "../render/renamed.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Gives an artifact another key: all its versions, in one operation. The file in the work tree goes",
    "along; if you have moved it already, that is recorded. With a folder of keys all below it move.",
    "A destination that is a folder, or ends with '/', is the folder to move into. The suffix stays.",
  ].join("\n"),
  examples: [
    ["lamin mv raw/counts.csv raw/plate1.csv", "another name"],
    ["lamin mv raw/plate1.csv plates/", "into a folder"],
    ["lamin mv raw plates --dry-run", "show what renaming a folder of keys would do"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: { dryRun: toggle("Show what would be done") },
  aliases: { n: "dryRun" },
  arguments: {
    brief: "What to move, and where to",
    placeholder: "source destination",
    minimum: 2,
    maximum: 2,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const [source, destination] = args as [string, string];
  context.output.requireFields(["status", "from", "file", ...Object.keys(artifact.columns)]);
  const instance = await context.instance();
  const dryRun = flags.dryRun ?? false;
  const operation = context.operation("mv");
  const { moved } = await move(instance, { operation, source, destination, dryRun });
  context.output.results(
    moved.map(({ row, from, file }) => ({ status: "renamed", from, file, ...artifactJson(row) })),
    () => renderRenamed(moved, context.output, dryRun),
  );
}
