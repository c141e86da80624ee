import type { CurrentRun } from "../../core/run/current_run.ts";
import type { ReadData } from "../../core/run/note_inputs.ts";
import type { Instance } from "../../core/instance/instance.ts";
import type { Context } from "../context.ts";

/**
 * Notes what a command read as inputs of the run that it belongs to, if it belongs to one. In an
 * instance that only allows reading, it is said that nothing could be noted.
 */
export async function noteRead(
  context: Context,
  instance: Instance,
  verb: string,
  read: ReadData,
): Promise<void> {
  if (read.artifacts.length + (read.collections?.length ?? 0) === 0) return;
  const run = await runOf(context, instance);
  if (run === undefined) return;
  if (instance.database.readOnly || instance.database.whyReadOnly !== undefined) {
    context.output.warn(`not noted as an input of run ${run.row.uid}: the instance is read-only`);
    return;
  }
  const { noteInputs } = await import("../../core/run/note_inputs.ts");
  await noteInputs(instance, context.operation(verb), run.row, read);
}

/** The run that a command belongs to; a warning says that one is not known here. */
export async function runOf(
  context: Context,
  instance: Instance,
): Promise<CurrentRun | undefined> {
  const isBelowRun = context.host.environment("LAMIN_RUN_UID") !== undefined;
  if (!isBelowRun && !mayHaveRuns(instance)) return undefined;
  const { currentRun } = await import("../../core/run/current_run.ts");
  return await currentRun(instance, (uid) => {
    const { output } = context;
    output.warn(`this instance has no run ${output.safe(uid)}: nothing is noted of it`);
  });
}

/** Whether runs go on here or were left. Costs a look at one name, so that others load nothing. */
export function mayHaveRuns({ host, workIndexPath }: Instance): boolean {
  const runs = `${workIndexPath.slice(0, workIndexPath.lastIndexOf("/"))}/runs`;
  return host.files.lstat(runs) !== null;
}
