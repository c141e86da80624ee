import { initiatedByVariable, projectVariable, runVariable } from "../../core/run/current_run.ts";
import type { StartedRun } from "../../core/run/start_run.ts";
import type { RunLog } from "../../core/run/state/run_log.ts";
import { type AttachedEnd, FileError, type Host } from "../../store/host/host.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";

/**
 * Runs the command of a run, shows what it prints as it comes and writes it into the log. One that
 * cannot be started ends as shells say it.
 */
export async function attach(
  context: Context,
  command: readonly string[],
  started: StartedRun,
  project: string | undefined,
  log: RunLog,
): Promise<AttachedEnd> {
  const { host, output } = context;
  const { terminal } = host;
  // What a program reads from our output is to be the result alone.
  const isResultApart = output.mode !== "human";
  try {
    return await host.runAttached(command[0]!, command.slice(1), {
      workingDirectory: host.workingDirectory(),
      environment: {
        [runVariable]: started.uid,
        [initiatedByVariable]: started.uid,
        ...(project === undefined ? {} : { [projectVariable]: project }),
        ...asOnTerminal(host),
      },
      onOutput: (stream, bytes) => {
        log.take(stream, bytes);
        if (stream === "stdout" && !isResultApart) terminal.writeOutput(bytes);
        else terminal.writeError(bytes);
      },
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isMissing = error.code === "ENOENT";
    const why = isMissing
      ? `there is no program '${command[0]}'`
      : `'${command[0]}' cannot be run (${error.code})`;
    log.take("stderr", new TextEncoder().encode(`lamin: ${why}\n`));
    output.warn(output.safe(why));
    return { code: isMissing ? exitCode.noProgram : exitCode.notRunnable };
  }
}

/**
 * Programs that see a pipe where a person looks leave colours out and hold lines back: these
 * variables tell many of them that somebody does. What the user set stays.
 */
function asOnTerminal(host: Host): Record<string, string> {
  if (!host.terminal.outputIsTerminal()) return {};
  const wanted = {
    PYTHONUNBUFFERED: "1",
    ...(host.environment("NO_COLOR") === undefined
      ? { FORCE_COLOR: "1", CLICOLOR_FORCE: "1", PY_COLORS: "1" }
      : {}),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => host.environment(name) === undefined),
  );
}
