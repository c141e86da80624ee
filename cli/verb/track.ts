import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, texts } from "../flags.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly name?: string;
  readonly param?: readonly string[];
  readonly project?: string;
}

const fields = ["uid", "transform"];

export default verb<Flags>({
  description: [
    "Records from here on what a shell script does, as a run with the script as its code: below it,",
    "'lamin get' and 'lamin cat' note inputs, 'lamin add' outputs. The run belongs to the shell that",
    "calls this, and to what that starts; other shells are not concerned. 'lamin finish' ends it; where",
    "a script ends without, the run counts as aborted. Below 'lamin run' that run goes on.",
  ].join("\n"),
  examples: [
    ["lamin track", "at the beginning of a script"],
    ["lamin track --name night --param k=5", "with a name and a parameter"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.schemaUnknown],
  flags: {
    name: text("name", "A name for the run"),
    param: texts("name=value", "A parameter of the run"),
    project: text("project", "Name or uid of the project that all of it belongs to"),
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags): Promise<void> {
  context.output.requireFields(fields);
  const { host, output } = context;
  const instance = await context.instance();
  instance.requireWritable();
  const { isRunOfShell, runVariable, trackedRunUid } = await import(
    "../../core/run/current_run.ts"
  );
  const { settleRuns } = await import("../../core/run/settle_runs.ts");
  await settleRuns(instance);
  const around = host.environment(runVariable);
  if (around !== undefined) {
    output.note(`'lamin run' records this already: run ${output.safe(around)}`);
    output.result({ uid: around, transform: null }, () => "");
    return;
  }
  const { callingShell } = await import("../../core/run/calling_script.ts");
  const shell = callingShell(host, instance.workTree.root);
  if (shell === undefined) {
    throw new LaminError("usage", "which shell called this cannot be told", {
      hint: "'lamin run -- sh script.sh' records a script without knowing that",
    });
  }
  const { trackShell } = await import("../run/track_shell.ts");
  const initiatedBy = trackedRunUid(instance);
  if (initiatedBy !== undefined && isRunOfShell(instance, initiatedBy, shell.mark)) {
    throw new LaminError("conflict", `run ${initiatedBy} records this shell already`, {
      hint: "'lamin finish' ends it",
      data: { uid: initiatedBy },
    });
  }
  const uid = await trackShell(context, instance, shell, flags, initiatedBy);
  output.result(
    { uid, transform: shell.code.key },
    () => `run ${uid} of ${output.safe(shell.code.key)} begins`,
  );
}
