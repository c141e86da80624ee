import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { AttachedOutput } from "./attached_output.ts";
import { fileError } from "./attempt.ts";
import { forwardSignals } from "./forward_signals.ts";
import type { AttachedEnd, AttachedOptions } from "./host.ts";
import { makePipes } from "./node_pipes.ts";

/** Runs a program in the place of this one by `node:` modules; see Host.runAttached. */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: AttachedOptions,
): Promise<AttachedEnd> {
  let child: ChildProcess | undefined;
  // Before the program starts, so that no signal ends this one alone.
  const signals = forwardSignals((signal) => void child?.kill(signal));
  const pipes = makePipes();
  try {
    child = spawn(command, args, {
      stdio: ["inherit", pipes?.[0].writeEnd ?? "pipe", pipes?.[1].writeEnd ?? "pipe"],
      ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
      env: { ...process.env, ...options.environment },
    });
    const ended = endOf(child, command);
    for (const pipe of pipes ?? []) pipe.closeWriteEnd();
    const output = new AttachedOutput(options.onOutput);
    const streams = [pipes?.[0].open() ?? child.stdout!, pipes?.[1].open() ?? child.stderr!];
    streams.forEach((stream, index) => {
      stream.on("data", (piece: Uint8Array) => {
        if (output.take(index === 0 ? "stdout" : "stderr", piece)) return;
        if (output.failure !== undefined) child!.kill("SIGTERM");
        stream.destroy();
      });
      stream.on("error", () => {}); // the end of the program tells
      stream.on("close", () => output.streamEnded());
    });
    try {
      const { code, signal } = await ended;
      output.programEnded();
      await output.drained;
      if (output.failure !== undefined) throw output.failure;
      const byShell = 128 + (signal === null ? 0 : constants.signals[signal] ?? 0);
      return {
        code: code ?? byShell,
        ...(signal === null ? {} : { signal }),
        ...(signals.last === undefined ? {} : { interruptedBy: signals.last }),
      };
    } finally {
      for (const stream of streams) stream.destroy();
    }
  } finally {
    signals.stop();
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function endOf(child: ChildProcess, command: string): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(fileError("run", command, error)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
}
