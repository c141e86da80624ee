import { findRun } from "../../core/rerun/find_run.ts";
import { type Recipe, recipeOf } from "../../core/rerun/recipe.ts";
import { recordRerun } from "../../core/rerun/record_rerun.ts";
import { type RunAgain, runAgain } from "../../core/rerun/run_again.ts";
import { staleRecipes, withMade } from "../../core/rerun/stale_recipes.ts";
import { isOff } from "../../core/rerun/verdict.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import { LaminError } from "../../store/errors.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { allFormats } from "../formats.ts";
import { againJson, recipeJson, renderAgain, renderRecipe } from "../render/rerun.ts";
import { settleLeft } from "../run/settle_left.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly allStale?: boolean;
  readonly latest?: boolean;
  readonly record?: boolean;
  readonly keep?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export default verb<Flags>({
  description: [
    "Does a run again, in a folder of its own, with the inputs, the code and the words that were",
    "recorded, and compares what comes out: same bytes, same content, differs, or not produced.",
    "A run is named by its uid, or by something that it made. Runs of Python are done by the",
    "interpreter of the script. Your files are left alone, and the instance is unless --record.",
    "The command that is shown runs with your rights: whoever recorded it chose it.",
  ].join("\n"),
  examples: [
    ["lamin rerun results/umap.h5ad", "do the run again that made it"],
    ["lamin rerun results/umap.h5ad --dry-run", "only show what would be run"],
    ["lamin rerun k4Vb9sWq2LxT0aPd --yes", "a run by its uid, without a question"],
    ["lamin rerun results/umap.h5ad --latest", "with the current versions of its inputs"],
    ["lamin rerun --all-stale --dry-run", "what would be done again as its inputs moved on"],
    ["lamin rerun --all-stale --record", "do so, one after the other, and record new versions"],
  ],
  exitCodes: [exitCode.different, exitCode.noInstance],
  flags: {
    allStale: toggle("All outputs whose inputs moved on, with what is current, in their order"),
    latest: toggle("Take the current versions of the inputs"),
    record: toggle("Record it as a run, and what differs as new versions"),
    keep: toggle("Keep the folder; it is kept where something differs"),
    dryRun: toggle("Show what would be run"),
    yes: toggle("Do not ask"),
  },
  aliases: { n: "dryRun", y: "yes" },
  arguments: {
    brief: "A run, or an artifact that it made",
    placeholder: "reference",
    maximum: 1,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, [reference]: readonly string[]) {
  if ((reference === undefined) !== (flags.allStale === true)) {
    throw new LaminError("usage", "one run or artifact is needed, or --all-stale", {
      hint: "'lamin status --stale' lists outputs whose inputs moved on",
    });
  }
  const instance = await context.instance({ readOnly: !flags.record });
  await settleLeft(instance);
  if (flags.record) instance.requireWritable();
  const recipes = await instance.database.read(async (reader) =>
    reference === undefined ? await staleRecipes(instance, reader) : [
      await recipeOf(instance, reader, await findRun(instance, reader, reference), {
        latest: flags.latest ?? false,
      }),
    ]
  );
  const { output } = context;
  if (flags.dryRun) {
    for (const recipe of recipes) {
      output.result(recipeJson(recipe), () => renderRecipe(recipe, output));
    }
    return exitCode.ok;
  }
  if (recipes.length === 0) {
    output.note("nothing is stale");
    return exitCode.ok;
  }
  if (!flags.yes) await ask(context, recipes);
  return await doAll(context, flags, instance, recipes);
}

/**
 * Shows what would run, and throws code "failed" unless the user says yes. Who wants JSON is a
 * program, which is not asked.
 */
async function ask(context: Context, recipes: readonly Recipe[]): Promise<void> {
  const { output } = context;
  if (output.mode !== "json") {
    for (const recipe of recipes) output.error(renderRecipe(recipe, output));
    if (await confirm(context, recipes.length === 1 ? "Run it?" : "Run them?")) return;
  }
  throw new LaminError("failed", "nothing was run", {
    hint: "--yes runs it without a question, --dry-run only shows it",
  });
}

/** One after the other: what comes out of one is what the next ones read. */
async function doAll(
  context: Context,
  flags: Flags & CommonFlags,
  instance: Instance,
  recipes: readonly Recipe[],
): Promise<number> {
  const { host } = context;
  const done: RunAgain[] = [];
  const made = new Map<string, number>();
  let code: number = exitCode.ok;
  try {
    for (const recipe of recipes) {
      const again = await runAgain(instance, withMade(recipe, done), {
        formats: allFormats(host),
        base: host.environment("TMPDIR") ?? "/tmp",
        makeInstance: async (place) => {
          const { scratchInstances } = await import("../scratch_instance.ts");
          return await scratchInstances(context, instance)(place);
        },
        onOutput: (bytes) => flags.quiet || host.terminal.writeError(bytes),
      });
      done.push(again);
      const uid = flags.record ? await record(context, instance, recipe, again, made) : undefined;
      code = Math.max(code, tell(context, recipe, again, { uid, isKept: isKept(flags, again) }));
      if (again.interruptedBy !== undefined) break;
    }
    return code;
  } finally {
    for (const again of done) {
      if (!isKept(flags, again)) host.files.removeTree(again.scratch);
    }
  }
}

/** What differs and was recorded can be had from the instance. */
function isKept({ keep, record }: Flags, { verdicts }: RunAgain): boolean {
  return keep === true || !record && verdicts.some(isOff);
}

async function record(
  context: Context,
  instance: Instance,
  recipe: Recipe,
  again: RunAgain,
  made: Map<string, number>,
): Promise<string> {
  const operation = context.operation("rerun");
  const branchId = await instance.database.read((reader) => currentBranchId(instance, reader));
  return await recordRerun(instance, recipe, again, { operation, branchId, made });
}

/** Prints how a run went; gives the exit code for it. */
function tell(
  context: Context,
  recipe: Recipe,
  again: RunAgain,
  how: { readonly uid: string | undefined; readonly isKept: boolean },
): number {
  const { output } = context;
  output.result(againJson(recipe, again, how), () => renderAgain(again, how, output));
  const { code, interruptedBy, verdicts } = again;
  if (code !== 0) {
    output.warn(
      interruptedBy === undefined
        ? `the command ended with exit code ${code}`
        : `the command was ended by ${interruptedBy}`,
    );
  }
  if (verdicts.some(isOff)) return exitCode.different;
  return code === 0 ? exitCode.ok : exitCode.failed;
}
