import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { fileError } from "./attempt.ts";
import type { RunOptions, RunResult } from "./host.ts";

/** Runs a program to its end; see Host.run. */
export function runProgram(
  command: string,
  args: readonly string[],
  { input, workingDirectory, environment }: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      windowsHide: true,
      ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
      ...(environment === undefined ? {} : { env: { ...process.env, ...environment } }),
    });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    child.stdout?.on("data", (piece: Uint8Array) => stdout.push(piece));
    child.stderr?.on("data", (piece: Uint8Array) => stderr.push(piece));
    child.stdin?.on("error", () => {}); // a program need not read its input to the end
    child.stdin?.end(input);
    child.on("error", (error) => reject(fileError("run", command, error)));
    child.on("close", (code, signal) => {
      const byShell = 128 + (signal === null ? 0 : constants.signals[signal] ?? 0);
      resolve({ code: code ?? byShell, stdout: joined(stdout), stderr: joined(stderr) });
    });
  });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
