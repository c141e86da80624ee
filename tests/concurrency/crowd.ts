import { denoFolder } from "../lamin.ts";
import { testEnvironment } from "../test_database.ts";
import type { Taken } from "./worker.ts";

export interface CrowdOptions {
  readonly root: string;
  readonly home: string;
  readonly seed: number;
  readonly processes: number;
  /** Commands of each process. */
  readonly length: number;
}

const program = new URL("./worker.ts", import.meta.url).pathname;

/** Lets many processes work on an instance at once; gives what became of every command. */
export async function crowd(options: CrowdOptions): Promise<Taken[]> {
  const workers = Array.from({ length: options.processes }, (_, worker) => start(options, worker));
  // All begin together, when the last one has loaded the program.
  await Promise.all(workers.map(({ ready }) => ready));
  for (const { child } of workers) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("go\n"));
    await writer.close();
  }
  return (await Promise.all(workers.map(({ taken }) => taken))).flat();
}

function start(options: CrowdOptions, worker: number) {
  const { root, home, seed, processes, length } = options;
  const numbers = [seed, worker, processes, length].map(String);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", program, root, home, ...numbers],
    cwd: root,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      DENO_DIR: denoFolder(),
      ...testEnvironment,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = linesOf(child.stdout);
  const ready = lines.next().then(({ value }) => {
    if (value !== "ready") throw new Error(`process ${worker} did not start: ${value}`);
  });
  return { child, ready, taken: ready.then(() => rest(child, lines, length)) };
}

async function rest(
  child: Deno.ChildProcess,
  lines: AsyncGenerator<string>,
  length: number,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for await (const line of lines) taken.push(JSON.parse(line));
  const { code } = await child.status;
  if (code !== 0 || taken.length !== length) {
    throw new Error(`a process ended with ${code} after ${taken.length} of ${length} commands`);
  }
  return taken;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let left = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (left + text).split("\n");
    left = lines.pop()!;
    yield* lines;
  }
}
