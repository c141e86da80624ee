import { dirname, join } from "../../store/path.ts";
import { FileError, type Host, type OpenFile } from "../../store/host/host.ts";
import { parseRelativePath } from "../identity/key.ts";
import { LaminError } from "../../store/errors.ts";
import type { Format } from "../format/format.ts";
import type { Instance } from "../instance/instance.ts";
import type { Recipe } from "./recipe.ts";
import type { MakeInstance } from "./scratch_instance.ts";
import { makeScratch, settingsFolder, wordsIn, workFolder, workingFolder } from "./scratch.ts";
import { type Verdict, verdictsOn } from "./verdict.ts";

/** What came of doing a run again. */
export interface RunAgain {
  /** Exit code of the command. */
  readonly code: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly verdicts: readonly Verdict[];
  /** The folder that it was done in, with all that it left there. */
  readonly scratch: string;
  /** A signal that this process got, which the command got too. */
  readonly interruptedBy: string | undefined;
}

export interface RunAgainOptions {
  readonly formats: readonly Format[];
  /** Folder for temporary files. */
  readonly base: string;
  readonly makeInstance: MakeInstance;
  /** Takes what the command prints. */
  readonly onOutput: (bytes: Uint8Array) => void;
}

/**
 * Does a run again in a folder of its own, and compares what comes out of it with what was
 * recorded. Nothing of the instance is changed, and its files are not touched: a command that works
 * with LaminDB finds another one there, with the same rows. It may do all that the user may; so ask
 * before. Throws code "failed" where the program cannot be started, and what `makeScratch` throws.
 */
export async function runAgain(
  instance: Instance,
  recipe: Recipe,
  options: RunAgainOptions,
): Promise<RunAgain> {
  const { host } = instance;
  const { root: scratch, instance: own } = await makeScratch(instance, recipe, options);
  const work = join(scratch, workFolder);
  const [program, ...args] = wordsIn(recipe, work);
  const startedAt = host.now();
  let printed: OpenFile | undefined;
  try {
    const file = printed = outputFile(host, recipe, work);
    const { code, interruptedBy } = await host.runAttached(program!, args, {
      workingDirectory: workingFolder(recipe, work),
      environment: {
        LAMIN_SETTINGS_DIR: join(scratch, settingsFolder),
        LAMIN_RUN_UID: "",
        // Python takes an empty one for a uid.
        ...(own === undefined
          ? {}
          : { LAMIN_CURRENT_INSTANCE: own.slug, LAMIN_INITIATED_BY_RUN_UID: recipe.run.uid }),
      },
      onOutput: (stream, bytes) =>
        stream === "stdout" && file !== undefined ? file.write(bytes) : options.onOutput(bytes),
    });
    printed?.close();
    printed = undefined;
    const finishedAt = host.now();
    const verdicts = await verdictsOn(instance, options.formats, recipe.outputs, work, own);
    return { code, startedAt, finishedAt, verdicts, scratch, interruptedBy };
  } catch (error) {
    host.files.removeTree(scratch);
    if (!(error instanceof FileError) || error.path !== program) throw error;
    throw new LaminError("failed", `${program} cannot be started: ${error.code}`, {
      hint: "is it installed here? 'lamin show run' has the environment that it ran in",
      data: { program },
    });
  } finally {
    printed?.close();
    await own?.close();
  }
}

/**
 * Opens the file that a shell sent what the command printed to. Throws code "denied" or "usage".
 */
function outputFile(host: Host, { stdout }: Recipe, work: string): OpenFile | undefined {
  if (stdout === undefined) return undefined;
  const path = join(work, parseRelativePath(stdout));
  host.files.makeDirectory(dirname(path), { recursive: true });
  return host.files.open(path, { write: true, create: true, truncate: true });
}
