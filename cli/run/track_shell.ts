import { paramsOf } from "../../core/run/command/params.ts";
import { shellCommand } from "../../core/text/shell_word.ts";
import type { CallingShell } from "../../core/run/calling_script.ts";
import { initiatedByVariable, projectVariable } from "../../core/run/current_run.ts";
import { extraDataOf } from "../../core/run/recorded_command.ts";
import { redactWords } from "../../core/run/redact.ts";
import { startRun } from "../../core/run/start_run.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import { relativeTo } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { requireRunName } from "./run_name.ts";

/** Records that a run of a shell begins; gives its uid. */
export async function trackShell(
  context: Context,
  instance: Instance,
  shell: CallingShell,
  flags: {
    readonly name?: string;
    readonly param?: readonly string[];
    readonly project?: string;
  },
  around: string | undefined,
): Promise<string> {
  const { host } = context;
  requireRunName(flags.name);
  const words = redactWords(shell.words);
  const { root } = instance.workTree;
  const folder = host.workingDirectory();
  const project = flags.project ?? host.environment(projectVariable);
  const initiatedBy = around ?? host.environment(initiatedByVariable);
  const started = await startRun(instance, {
    operation: { verb: "track", command: redactWords(context.words) },
    code: shell.code,
    branchId: await instance.database.read((reader) => currentBranchId(instance, reader)),
    params: paramsOf(flags.param ?? []),
    cliArgs: shellCommand(words.slice(2)),
    extraData: extraDataOf({
      command: words,
      folder: relativeTo(root, folder) || (folder === root ? "." : folder),
      inputs: [],
      outputs: [],
      outs: [],
      auto: false,
      redacted: words.some((word, index) => word !== shell.words[index]),
    }),
    inputs: [],
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(project === undefined ? {} : { project }),
    ...(initiatedBy === undefined ? {} : { initiatedBy }),
    livesWith: { shell: shell.mark },
  });
  return started.uid;
}
