import type { Command, Measured, Meter, Surroundings } from "./meter.ts";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Measures where there is no Python: time by this process' clock, memory by looking at the
 * system's account of the process every few milliseconds, without what it starts itself.
 */
export function pollingMeter(): Meter {
  let running: Deno.ChildProcess | undefined;
  return {
    how: "clock of this process, memory looked at every 5 ms",
    async measure(command, surroundings) {
      using input = await Deno.open(command.input ?? "/dev/null");
      using output = await Deno.create(surroundings.output);
      using errors = await Deno.create(surroundings.errors);
      const start = performance.now();
      const child = running = spawn(command, surroundings);
      const timer = setTimeout(() => kill(child), surroundings.timeoutSeconds * 1000);
      const ended = child.status.then(({ code }) => ({ code, end: performance.now() }));
      const memory = watch(child.pid, ended);
      await Promise.all([
        input.readable.pipeTo(child.stdin).catch(() => {}),
        child.stdout.pipeTo(output.writable),
        child.stderr.pipeTo(errors.writable),
      ]);
      const { code, end } = await ended;
      clearTimeout(timer);
      running = undefined;
      return {
        code,
        seconds: (end - start) / 1000,
        cpuSeconds: undefined,
        ...await memory,
      };
    },
    close: () => {
      if (running !== undefined) kill(running);
      return Promise.resolve();
    },
  };
}

function spawn({ program, args, environment }: Command, surroundings: Surroundings) {
  return new Deno.Command(program, {
    args: [...args],
    cwd: surroundings.folder,
    clearEnv: true,
    env: { ...surroundings.environment, ...environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

type Memory = Pick<Measured, "peakBytes" | "privateBytes">;

async function watch(processId: number, ended: Promise<unknown>): Promise<Memory> {
  let over = false;
  ended.then(() => over = true, () => over = true);
  let peakBytes: number | undefined;
  let privateBytes: number | undefined;
  while (!over) {
    const seen = await Deno.readTextFile(`/proc/${processId}/status`).catch(() => "");
    const of = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(seen)?.[1] ?? 0) * 1024;
    peakBytes = Math.max(peakBytes ?? 0, of("VmHWM")) || undefined;
    privateBytes = Math.max(privateBytes ?? 0, of("RssAnon") + of("RssShmem")) || undefined;
    await pause(5);
  }
  return { peakBytes, privateBytes };
}
