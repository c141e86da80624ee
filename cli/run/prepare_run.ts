import { commandCode } from "../../core/run/command/command_code.ts";
import { paramsOf } from "../../core/run/command/params.ts";
import { shellCommand } from "../../core/text/shell_word.ts";
import { currentRunUid, initiatedByVariable, projectVariable } from "../../core/run/current_run.ts";
import { declaredInputs, type RunInput } from "../../core/run/inputs.ts";
import { type NamedInputs, namedInputs } from "../../core/run/named_inputs.ts";
import { extraDataOf, type RecordedCommand } from "../../core/run/recorded_command.ts";
import { redactWords } from "../../core/run/redact.ts";
import type { RunBeginning } from "../../core/run/start_run.ts";
import { WrittenFiles } from "../../core/run/written_files.ts";
import { currentBranchId } from "../../core/instance/user.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import { presentAt } from "../../core/work_tree/present.ts";
import { FileError, type Host } from "../../store/host/host.ts";
import { basename, relativeTo, resolve } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { expandPatterns } from "../expand_patterns.ts";
import type { RunFlags } from "./run_flags.ts";
import { requireRunName } from "./run_name.ts";

/** All that is known of a command before it runs. */
export interface PreparedRun {
  readonly beginning: RunBeginning;
  readonly recorded: RecordedCommand;
  readonly outputs: WrittenFiles;
  /** Gives, when it ran, what its words name and it left as it was. */
  readonly named: (() => NamedInputs) | undefined;
}

/**
 * Looks at everything that a command was given, so that nothing begins when something is off.
 * Throws code "usage", "not_found" or "conflict".
 */
export async function prepareRun(
  context: Context,
  instance: Instance,
  flags: RunFlags,
  command: readonly string[],
): Promise<PreparedRun> {
  const { host } = context;
  const { root } = instance.workTree;
  const folder = host.workingDirectory();
  requireRunName(flags.name);
  const branchId = await instance.database.read((reader) => currentBranchId(instance, reader));
  const inputs = await inputsOf(context, instance, flags.in ?? [], branchId);
  const code = commandCode(host, { root, folder }, command);
  const patterns = flags.out ?? [];
  const auto = flags.auto ?? false;
  const outputs = new WrittenFiles({ patterns, auto }, globIn(context));
  const named = auto ? await namedInputs(instance, command, code.path, branchId) : undefined;
  await outputs.begin(instance);
  const words = redactWords(command);
  const recorded: RecordedCommand = {
    command: words,
    folder: relativeTo(root, folder) || (folder === root ? "." : folder),
    inputs: inputs.map(({ uid, path }) => ({ uid, path })),
    outputs: [],
    ...(context.output.mode === "json" ? {} : outputFile(host, root)),
    outs: patterns,
    auto,
    redacted: words.some((word, index) => word !== command[index]),
  };
  const initiatedBy = currentRunUid(instance) ?? host.environment(initiatedByVariable);
  const project = flags.project ?? host.environment(projectVariable);
  const beginning: RunBeginning = {
    operation: { verb: "run", command: redactWords(context.words) },
    code,
    branchId,
    params: paramsOf(flags.param ?? []),
    cliArgs: shellCommand(words.slice(1 + codePosition(context, command, code.path))),
    extraData: extraDataOf(recorded),
    inputs,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(project === undefined ? {} : { project }),
    ...(initiatedBy === undefined ? {} : { initiatedBy }),
    livesWith: { process: true },
  };
  return { beginning, recorded, outputs, named };
}

/**
 * The file in the work tree that standard output goes to, where the system tells and a shell made
 * it for that.
 */
function outputFile({ files }: Host, root: string): { readonly stdout?: string } {
  try {
    const path = files.readLink("/proc/self/fd/1");
    const inside = relativeTo(root, path);
    const stat = files.lstat(path);
    const isNew = stat?.kind === "file" && stat.size === 0;
    return inside === undefined || !isNew ? {} : { stdout: inside };
  } catch (error) {
    if (error instanceof FileError) return {};
    throw error;
  }
}

/** Which word names the code, so that those after it are its arguments, as in Python. */
function codePosition(
  { host }: Context,
  command: readonly string[],
  path: string | undefined,
): number {
  const folder = host.workingDirectory();
  const position = command.findIndex((word) =>
    path !== undefined && basename(word) === basename(path) &&
    presentAt(host, resolve(folder, word), "follow") !== null &&
    host.files.realPath(resolve(folder, word)) === path
  );
  return Math.max(position, 0);
}

async function inputsOf(
  context: Context,
  instance: Instance,
  words: readonly string[],
  branchId: number,
): Promise<RunInput[]> {
  const inputs = new Map<number, RunInput>();
  for (const word of words) {
    for (const path of await expandPatterns(context.host, [word])) {
      for (const input of await declaredInputs(instance, path, branchId)) {
        inputs.set(input.id, input);
      }
    }
  }
  return [...inputs.values()];
}

/** Finds what matches a pattern; nothing is fine, since the command did not run yet. */
function globIn({ host }: Context) {
  return async (pattern: string): Promise<string[]> => {
    try {
      const found = await expandPatterns(host, [pattern]);
      return found.map((path) => resolve(host.workingDirectory(), path))
        .filter((path) => host.files.lstat(path) !== null);
    } catch (error) {
      if (error instanceof LaminError && error.code === "not_found") return [];
      throw error;
    }
  };
}
