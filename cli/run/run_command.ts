import { captureEnvironment } from "../../core/run/environment/capture_environment.ts";
import type { EnvironmentFile } from "../../core/run/environment/environment_file.ts";
import { writeEnvironment } from "../../core/run/environment/write_environment.ts";
import { secretsOf } from "../../core/run/command/secrets.ts";
import { finishRun, type RunEnd } from "../../core/run/finish_run.ts";
import { RunFiles } from "../../core/run/run_files.ts";
import { type RunStatus, runStatus } from "../../core/run/run_status.ts";
import { reportDescription, settleRuns } from "../../core/run/settle_runs.ts";
import { type StartedRun, startRun } from "../../core/run/start_run.ts";
import { removeRunFolder, runFilePath, touchRunFolder } from "../../core/run/state/run_folders.ts";
import { RunLog } from "../../core/run/state/run_log.ts";
import type { AddResult } from "../../core/artifact/add/add.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import { resolve } from "../../store/path.ts";
import type { AttachedEnd, Host } from "../../store/host/host.ts";
import { inSearchPath } from "../../core/run/environment/program.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { printRun } from "../render/ran.ts";
import type { CommonFlags } from "../verb.ts";
import { attach } from "./attach.ts";
import { prepareRun } from "./prepare_run.ts";
import type { RunFlags } from "./run_flags.ts";

/** How often other machines are shown that the run goes on, in milliseconds. */
const beatMs = 60 * 60 * 1000;

/**
 * Runs a command and records it; gives the command's exit code. Of one that does not exist nothing
 * is recorded.
 */
export async function runCommand(
  context: Context,
  flags: RunFlags & CommonFlags,
  command: readonly string[],
): Promise<number> {
  const { host } = context;
  const instance = await context.instance();
  instance.requireWritable();
  if (!isThere(host, command[0]!)) {
    context.fail(
      new LaminError("not_found", `there is no program '${command[0]}'`, {
        hint: "nothing was recorded; a shell's own commands need a shell: lamin run -- sh -c '…'",
        data: { program: command[0]! },
      }),
    );
    return exitCode.noProgram;
  }
  await settleRuns(instance);
  const prepared = await prepareRun(context, instance, flags, command);
  const { beginning, recorded } = prepared;
  const started = await startRun(instance, beginning);
  // Others work on the instance while the command runs, which may take days.
  await context.closeInstance();
  const logPath = runFilePath(instance, started.uid, "log.txt");
  const log = new RunLog(host, logPath, secretsOf(host, command, beginning.code.source));
  const environment = captureEnvironment(host, command, host.workingDirectory())
    .catch((): EnvironmentFile[] => []);
  const beat = setInterval(() => touchRunFolder(instance, started.uid), beatMs);
  const end = await attach(context, command, started, beginning.project, log);
  clearInterval(beat);
  log.close();
  const finishedAt = host.now();
  const status = statusOf(end);
  const reopened = await context.instance();
  const outputs = status === runStatus.completed
    ? await prepared.outputs.end(reopened)
    : { written: [], unmatched: [] };
  const named = prepared.named?.();
  const result = await record(reopened, started, await environment, {
    operation: beginning.operation,
    status,
    finishedAt,
    written: outputs.written,
    inputs: named?.inputs ?? [],
    command: recorded,
  });
  printRun(context.output, {
    uid: started.uid,
    transform: beginning.code.key,
    status,
    code: end.code,
    inputs: [...beginning.inputs, ...named?.inputs ?? []],
    result,
    unmatched: outputs.unmatched,
    unrecorded: named?.unrecorded ?? [],
    logFailure: log.failure,
    wants: recorded,
  });
  return end.code;
}

/** Exit codes of shells that say that a signal ended what they ran: HUP, INT, QUIT, KILL, TERM. */
const codesOfSignals = new Set([1, 2, 3, 9, 15].map((signal) => 128 + signal));

function statusOf({ code, signal, interruptedBy }: AttachedEnd): RunStatus {
  if (code === 0) return runStatus.completed;
  const isAborted = signal !== undefined || interruptedBy !== undefined || codesOfSignals.has(code);
  return isAborted ? runStatus.aborted : runStatus.errored;
}

/**
 * Records how it ended. When the outputs cannot be recorded, the end is, and then that failure is
 * thrown.
 */
async function record(
  instance: Instance,
  started: StartedRun,
  environment: readonly EnvironmentFile[],
  end: RunEnd,
): Promise<AddResult> {
  const files = new RunFiles(instance);
  try {
    await takeFiles(instance, started.uid, environment, files);
    await files.publish();
    const result = await finishRun(instance, started, { ...end, files }).catch(async (error) => {
      if (end.written.length === 0) throw error;
      await finishRun(instance, started, { ...end, written: [], files });
      removeRunFolder(instance, started.uid);
      throw error;
    });
    removeRunFolder(instance, started.uid);
    return result;
  } finally {
    files.discard();
  }
}

async function takeFiles(
  instance: Instance,
  uid: string,
  pieces: readonly EnvironmentFile[],
  files: RunFiles,
): Promise<void> {
  await files.take("report_id", runFilePath(instance, uid, "log.txt"), reportDescription(uid));
  const folder = runFilePath(instance, uid, "environment");
  instance.host.files.makeDirectory(folder);
  const stored = writeEnvironment(instance.host, pieces, folder);
  if (stored !== undefined) await files.take("environment_id", stored.path, stored.description);
}

/** Whether there is a file that the first word of a command can mean. */
function isThere(host: Host, word: string): boolean {
  if (!word.includes("/")) {
    // Without a search path the system has one of its own.
    return host.environment("PATH") === undefined || inSearchPath(host, word) !== undefined;
  }
  return host.files.stat(resolve(host.workingDirectory(), word)) !== null;
}
