import { fileError } from "./attempt.ts";

/** A program that runs, with its standard streams. */
export interface RunningProgram {
  /** The next piece of what it prints; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Gives it input; throws a FileError when it takes no more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends its input and waits for its end, or kills it when that takes too long. */
  close(): Promise<void>;
  /** The end of what it said of failures. */
  said(): string;
}

/** How much is kept of what it said. */
const saidMax = 4096;

/** How long it has to end by itself, in milliseconds. */
const patienceMs = 2000;

/** Starts a program with inherited environment. One that cannot be started is a FileError. */
export async function startProgram(
  command: string,
  args: readonly string[],
): Promise<RunningProgram> {
  const { spawn } = await import("node:child_process");
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  let said = "";
  const decoder = new TextDecoder();
  child.stderr.on("data", (piece: Uint8Array) => {
    said = (said + decoder.decode(piece, { stream: true })).slice(-saidMax);
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => {}); // told by write
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", () => resolve());
    child.once("error", (error) => reject(fileError("run", command, error)));
  });
  child.on("error", () => {});
  const output = (child.stdout as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { done, value } = await output.next();
      return done ? undefined : value;
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        child.stdin.write(bytes, (error) => {
          if (error) reject(fileError("write", command, error));
          else resolve();
        });
      }),
    close: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      child.stdout.destroy();
      await closed;
      clearTimeout(timer);
    },
    said: () => said,
  };
}
