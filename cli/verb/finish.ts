import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count } from "../flags.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly code?: number;
}

const fields = ["uid", "status"];

export default verb<Flags>({
  description: [
    "Ends the run that 'lamin track' began in this shell. With --code the run failed unless that is 0:",
    "\"trap 'lamin finish --code $?' EXIT\" after 'lamin track' ends it however the script ends.",
  ].join("\n"),
  examples: [
    ["lamin finish", "at the end of a script"],
    ["lamin finish --code 1", "the script failed"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.schemaUnknown],
  flags: { code: count("code", "Exit code of the script") },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags): Promise<void> {
  context.output.requireFields(fields);
  const { host, output } = context;
  const instance = await context.instance();
  instance.requireWritable();
  const { runVariable, trackedRunUid } = await import("../../core/run/current_run.ts");
  const uid = trackedRunUid(instance);
  const around = host.environment(runVariable);
  if (uid === undefined && around !== undefined) {
    output.note(`'lamin run' ends its run itself: ${output.safe(around)}`);
    output.result({ uid: around, status: "started" }, () => "");
    return;
  }
  if (uid === undefined) {
    throw new LaminError("usage", "no run is tracked in this shell", {
      hint: "'lamin track' begins one",
    });
  }
  const { endTracked } = await import("../../core/run/end_tracked.ts");
  const { settleRuns } = await import("../../core/run/settle_runs.ts");
  const status = await endTracked(instance, context.operation("finish"), uid, flags.code ?? 0);
  await settleRuns(instance);
  output.result({ uid, status }, () => `run ${uid} ${status}`);
}
