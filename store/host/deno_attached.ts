import { AttachedOutput } from "./attached_output.ts";
import { fileError } from "./attempt.ts";
import { forwardSignals } from "./forward_signals.ts";
import type { AttachedEnd, AttachedOptions } from "./host.ts";

/**
 * Runs a program in the place of this one by Deno's own API; see Host.runAttached. Its `node:` one
 * takes a program that was sent a signal for one that ended by it.
 */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: AttachedOptions,
): Promise<AttachedEnd> {
  let child: Deno.ChildProcess | undefined;
  // Before the program starts, so that no signal ends this one alone.
  const signals = forwardSignals((signal) => child !== undefined && kill(child, signal));
  try {
    child = spawn(command, args, options);
    const output = new AttachedOutput(options.onOutput);
    const readers = [child.stdout.getReader(), child.stderr.getReader()] as const;
    pump(child, readers[0], "stdout", output);
    pump(child, readers[1], "stderr", output);
    const { code, signal } = await child.status;
    output.programEnded();
    await output.drained;
    for (const reader of readers) await reader.cancel();
    if (output.failure !== undefined) throw output.failure;
    return {
      code,
      ...(signal === null ? {} : { signal }),
      ...(signals.last === undefined ? {} : { interruptedBy: signals.last }),
    };
  } finally {
    signals.stop();
  }
}

function spawn(
  command: string,
  args: readonly string[],
  { workingDirectory, environment }: AttachedOptions,
): Deno.ChildProcess {
  try {
    return new Deno.Command(command, {
      args: [...args],
      stdin: "inherit",
      stdout: "piped",
      stderr: "piped",
      ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
      ...(environment === undefined ? {} : { env: environment }),
    }).spawn();
  } catch (error) {
    throw fileError("run", command, error);
  }
}

async function pump(
  child: Deno.ChildProcess,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  name: "stdout" | "stderr",
  output: AttachedOutput,
): Promise<void> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (output.take(name, next.value)) continue;
      if (output.failure !== undefined) kill(child, "SIGTERM");
      await reader.cancel();
    }
  } catch {
    // What the program did not get out is told by its end.
  } finally {
    output.streamEnded();
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}
