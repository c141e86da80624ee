import type { JsonObject } from "../output.ts";
import { transform } from "../../core/registry/lamindb/transform.ts";
import { kindOfSource, readSource } from "../../core/transform/save/source_file.ts";
import {
  planTransforms,
  type SavedTransform,
  saveTransforms,
} from "../../core/transform/save/save_transforms.ts";
import { resolve } from "../../store/path.ts";
import { isRemote } from "../add_remote.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { choice } from "../flags.ts";
import { renderSaved } from "../render/saved.ts";
import { rowJson } from "../render/row_json.ts";
import { type CommonFlags, verb, type VerbDefinition } from "../verb.ts";
import add from "./add.ts";

/** Those of `add`, of which some are for transforms too. */
interface Flags {
  readonly key?: string;
  readonly description?: string;
  readonly branch?: string;
  readonly project?: string;
  readonly stdin?: boolean;
  readonly dryRun?: boolean;
  readonly registry?: "artifact" | "transform";
}

const adding = add.definition as VerbDefinition<Flags>;

export default verb<Flags>({
  ...adding,
  description: [
    "Saves scripts and notebooks (.py .R .sh .ipynb .Rmd .qmd) as transforms, as LaminDB does: their",
    "source is kept without secrets, and changed source is a new version. The same source again",
    "changes nothing. A uid in 'ln.track(\"…\")' names the transform. All else is added as artifacts.",
  ].join("\n"),
  examples: [
    ["lamin save qc.py", "keep the source of a script"],
    ["lamin save analysis.ipynb report.qmd", "notebooks, with what they showed as a report"],
    ["lamin save pbmc.h5ad --key raw/pbmc.h5ad", "a file of data, as 'lamin add' does"],
    ["lamin save fit.R --registry artifact", "a script as a mere file"],
  ],
  flags: {
    ...adding.flags,
    registry: choice(["artifact", "transform"], "What to save as; by the suffix unless given"),
  } as NonNullable<VerbDefinition<Flags>["flags"]>,
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const { registry, ...others } = flags;
  const { expandPatterns } = await import("../expand_patterns.ts");
  const words = flags.stdin || args.some((word) => word === "-")
    ? args
    : await expandPatterns(context.host, args);
  const isCode = (word: string) =>
    !isRemote(word) && (registry === "transform" || kindOfSource(word) !== undefined);
  const code = registry === "artifact" ? [] : words.filter(isCode);
  const data = words.filter((word) => !code.includes(word));
  if (code.length > 0) await saveCode(context, flags, code);
  if (code.length > 0 && data.length === 0) return exitCode.ok;
  return await adding.run(context, others as Flags & CommonFlags, data) ?? exitCode.ok;
}

async function saveCode(
  context: Context,
  flags: Flags & CommonFlags,
  words: readonly string[],
): Promise<void> {
  const { host, output } = context;
  output.requireFields(["status", ...Object.keys(transform.columns)]);
  if (flags.key !== undefined) {
    output.note("--key is not used for transforms: theirs is the path of the file");
  }
  const instance = await context.instance();
  const { branchId, currentBranchId } = await import("../../core/instance/user.ts");
  const branch = await instance.database.read((reader) =>
    flags.branch === undefined ? currentBranchId(instance, reader) : branchId(reader, flags.branch)
  );
  const request = {
    operation: context.operation("save"),
    files: words.map((word) => readSource(host, resolve(host.workingDirectory(), word))),
    branchId: branch,
    base: host.environment("TMPDIR") ?? "/tmp",
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(flags.project === undefined ? {} : { project: flags.project }),
  };
  const saved = flags.dryRun
    ? await planTransforms(instance, request)
    : await saveTransforms(instance, request);
  for (const one of saved) output.result(savedJson(one), () => renderSaved(one, output));
}

function savedJson({ status, row, isPlanned }: SavedTransform): JsonObject {
  const planned = status === "added" ? { id: null, uid: null } : { id: null };
  return { status, ...rowJson(transform, row), ...(isPlanned ? planned : {}) };
}
