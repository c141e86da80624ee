import type { Command, Measured, Meter, Surroundings } from "./meter.ts";

interface Answer {
  readonly error?: string;
  readonly code: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
  readonly private: number | null;
}

/**
 * Measures by a small process of Python (meter.py), which starts the commands and asks the system
 * what they took: exact for the shortest ones, and without the memory of this process in it.
 */
export function pythonMeter(): Meter {
  const script = new URL("./meter.py", import.meta.url).pathname;
  const child = new Deno.Command("python3", {
    // No site packages and no environment: less memory of its own.
    args: ["-S", "-E", script],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(lineStream());
  const reader = lines.getReader();
  const encoder = new TextEncoder();
  return {
    how: "wait4 of a small Python process, whose own 12 MB are the least memory shown",
    async measure(command: Command, surroundings: Surroundings): Promise<Measured> {
      await writer.write(encoder.encode(JSON.stringify(requestOf(command, surroundings)) + "\n"));
      const { value } = await reader.read();
      if (value === undefined) throw new Error("the process that measures has ended");
      const answer = JSON.parse(value) as Answer;
      if (answer.error !== undefined) throw new Error(`${command.program}: ${answer.error}`);
      return {
        code: answer.code,
        seconds: answer.seconds,
        cpuSeconds: answer.cpu,
        peakBytes: answer.peak,
        privateBytes: answer.private ?? undefined,
      };
    },
    async close() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await child.status;
    },
  };
}

function requestOf({ program, args, input, environment }: Command, surroundings: Surroundings) {
  return {
    argv: [program, ...args],
    cwd: surroundings.folder,
    env: { ...surroundings.environment, ...environment },
    stdin: input ?? null,
    stdout: surroundings.output,
    stderr: surroundings.errors,
    timeout: surroundings.timeoutSeconds,
  };
}

function lineStream(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}
