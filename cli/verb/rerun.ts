import { findRun } from "../../core/rerun/find_run.ts";
import { type Recipe, recipeOf } from "../../core/rerun/recipe.ts";
import { type RunAgain, runAgain } from "../../core/rerun/run_again.ts";
import { isOff } from "../../core/rerun/verdict.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { allFormats } from "../formats.ts";
import { againJson, recipeJson, renderAgain, renderRecipe } from "../render/rerun.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly latest?: boolean;
  readonly keep?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export default verb<Flags>({
  description: [
    "Does a run again, in a folder of its own, with the inputs, the code and the words that were",
    "recorded, and compares what comes out: same bytes, same content, differs, or not produced.",
    "A run is named by its uid, or by something that it made. Runs of Python are done by the",
    "interpreter of the script. Your files and the instance are left alone.",
    "The command that is shown runs with your rights: whoever recorded it chose it.",
  ].join("\n"),
  examples: [
    ["lamin rerun results/umap.h5ad", "do the run again that made it"],
    ["lamin rerun results/umap.h5ad --dry-run", "only show what would be run"],
    ["lamin rerun k4Vb9sWq2LxT0aPd --yes", "a run by its uid, without a question"],
    ["lamin rerun results/umap.h5ad --latest", "with the current versions of its inputs"],
  ],
  exitCodes: [exitCode.different, exitCode.noInstance],
  flags: {
    latest: toggle("Take the current versions of the inputs"),
    keep: toggle("Keep the folder; it is kept where something differs"),
    dryRun: toggle("Show what would be run"),
    yes: toggle("Do not ask"),
  },
  aliases: { n: "dryRun", y: "yes" },
  arguments: {
    brief: "A run, or an artifact that it made",
    placeholder: "reference",
    minimum: 1,
    maximum: 1,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, [reference]: readonly string[]) {
  const instance = await context.instance({ readOnly: true });
  const recipe = await instance.database.read(async (reader) =>
    await recipeOf(instance, reader, await findRun(instance, reader, reference!), {
      latest: flags.latest ?? false,
    })
  );
  const { output } = context;
  if (flags.dryRun) {
    output.result(recipeJson(recipe), () => renderRecipe(recipe, output));
    return exitCode.ok;
  }
  if (!flags.yes) await ask(context, recipe);
  return await done(context, flags, instance, recipe);
}

/** Shows what would run, and throws code "failed" unless the user says yes. */
async function ask(context: Context, recipe: Recipe): Promise<void> {
  const { output } = context;
  output.error(renderRecipe(recipe, output));
  if (await confirm(context, "Run it?")) return;
  throw new LaminError("failed", "nothing was run", {
    hint: "--yes runs it without a question, --dry-run only shows it",
  });
}

async function done(
  context: Context,
  flags: Flags & CommonFlags,
  instance: Instance,
  recipe: Recipe,
): Promise<number> {
  const { host, output } = context;
  const again = await runAgain(instance, recipe, {
    formats: allFormats(host),
    base: host.environment("TMPDIR") ?? "/tmp",
    onOutput: (bytes) => output.quiet || host.terminal.writeError(bytes),
  });
  const differs = again.verdicts.some(isOff);
  const isKept = flags.keep === true || differs;
  if (!isKept) host.files.removeTree(again.scratch);
  output.result(againJson(recipe, again, isKept), () => renderAgain(again, isKept, output));
  if (again.code !== 0) output.warn(ending(again));
  if (differs) return exitCode.different;
  return again.code === 0 ? exitCode.ok : exitCode.failed;
}

function ending({ code, interruptedBy }: RunAgain): string {
  return interruptedBy === undefined
    ? `the command ended with exit code ${code}`
    : `the command was ended by ${interruptedBy}`;
}
