import {
  bisectProgress,
  markBisect,
  resetBisect,
  startBisect,
  type Verdict,
} from "../../core/bisect/bisect.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { nearest } from "../../core/text/nearest.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { bisectFields, bisectJson, renderBisect, renderTested } from "../render/bisect.ts";
import { seenFrom } from "../seen_from.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly good?: string;
  readonly bad?: string;
  readonly to?: string;
  readonly force?: boolean;
}

export default verb<Flags>({
  description: [
    "Finds the first bad version of an artifact by testing few of them: of n, ⌈log2 n⌉.",
    "'start KEY' writes a version in the middle to its path (or to --to PATH); test it and say",
    "'lamin bisect good', 'bad' or 'skip', which writes the next one. 'reset' ends it and brings back what",
    "was there. The current version is taken for bad, unless --bad says another one.",
    "'run COMMAND' does it all: the command ends with 0 for a good version, with 125 for one that cannot",
    "be tested, with another code up to 124 for a bad one. LAMIN_BISECT_PATH has the path of the version.",
    "Changes that are recorded nowhere are never written over.",
  ].join("\n"),
  examples: [
    ["lamin bisect start model.json --good 0", "the version 0 is known to be good"],
    ["lamin bisect good", "the version that is there now is good"],
    ["lamin bisect bad 0004", "so is this one not, whichever is there"],
    ["lamin bisect run ./check.sh", "tests by a command, which has its options after '--'"],
    ["lamin bisect", "how far it is"],
    ["lamin bisect reset", "ends it, and brings back what was there before"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: {
    good: text("version", "With start: a version that is good"),
    bad: text("version", "With start: a version that is bad"),
    to: text("path", "With start: where to write versions to, instead of the work tree"),
    force: toggle("With reset: forget the bisect and leave files as they are"),
  },
  aliases: { f: "force", o: "to" },
  arguments: {
    brief: "start KEY, good, bad or skip [VERSION], run COMMAND, or reset",
    placeholder: "word",
    completes: "reference",
  },
  run,
});

const resetFields = ["status", "key", "restored"];

const steps = ["start", "good", "bad", "skip", "run", "reset"] as const;

async function run(context: Context, flags: Flags & CommonFlags, words: readonly string[]) {
  const [step, ...args] = words;
  refuseUnknown(step, args);
  context.output.requireFields(step === "reset" ? resetFields : bisectFields);
  const instance = await context.instance({ readOnly: true });
  switch (step) {
    case undefined:
      return print(context, instance, await bisectProgress(instance));
    case "start": {
      const { good, bad, to } = flags;
      return print(
        context,
        instance,
        await startBisect(instance, { reference: args[0]!, good, bad, to }),
      );
    }
    case "run":
      return await runAll(context, instance, args);
    case "reset": {
      const ended = await resetBisect(instance, { force: flags.force ?? false });
      const { output } = context;
      return output.result(
        { status: "reset", key: ended?.key ?? null, restored: ended?.original ?? null },
        () => ended === undefined ? "Forgotten" : `The bisect of ${output.safe(ended.key)} ended`,
      );
    }
    default:
      return print(context, instance, await markBisect(instance, step as Verdict, args[0]));
  }
}

function refuseUnknown(step: string | undefined, args: readonly string[]): void {
  if (step === undefined) return;
  const least = step === "start" || step === "run" ? 1 : 0;
  const most = step === "run" ? Infinity : step === "reset" ? 0 : 1;
  if (!steps.includes(step as typeof steps[number])) {
    const [near] = nearest(step, steps);
    throw new LaminError("usage", `'${step}' is no step of a bisect`, {
      hint: near === undefined ? `one of ${steps.join(", ")}` : `did you mean '${near}'?`,
      data: { step },
    });
  }
  if (args.length >= least && args.length <= most) return;
  throw new LaminError("usage", `bisect ${step} takes ${most === 0 ? "no word" : "one word"}`, {
    hint: "see: lamin bisect --help",
    data: { step },
  });
}

type Progress = Awaited<ReturnType<typeof bisectProgress>>;

function print(context: Context, instance: Instance, progress: Progress): void {
  const { output, host } = context;
  const nameOf = seenFrom(host, instance.workTree.root);
  output.result(bisectJson(progress), () => renderBisect(progress, output, nameOf));
}

/** What the command prints goes to standard error, so that the result stands alone. */
async function runAll(
  context: Context,
  instance: Instance,
  words: readonly string[],
): Promise<void> {
  const { output, host } = context;
  const { runBisect } = await import("../../core/bisect/run_bisect.ts");
  const progress = await runBisect(instance, words, {
    onTested: (tested) => output.note(renderTested(tested, output)),
    onOutput: (bytes) => output.quiet ? undefined : host.terminal.writeError(bytes),
  });
  print(context, instance, progress);
}
