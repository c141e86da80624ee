/** A lab's instance, served by the real program. */

import { command, denoFolder } from "../lamin.ts";
import type { Lab } from "../core/sync/two_labs.ts";
import { type Said, say } from "../cli/in_process.ts";
import { testEnvironment } from "../test_database.ts";

/** A lab as far as it takes to run the program there. */
export interface Runnable extends Pick<Lab, "root" | "home"> {
  /** Keys of the servers that its bytes are on. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

export interface ServedLab {
  readonly url: string;
  readonly port: number;
  /** One that reads, and one that may push. */
  readonly readToken: string;
  readonly writeToken: string;
  /** What it said of failures. */
  said(): string;
  /** Bytes of memory that the server has. */
  memory(): number;
}

/** Serves a lab's instance on a free port of this machine for as long as `work` takes. */
export async function withServed(
  lab: Runnable,
  work: (served: ServedLab) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  const readToken = await tokenOf(lab, "reader");
  const writeToken = await tokenOf(lab, "writer", "--write");
  const { program, args } = command();
  const child = new Deno.Command(program, {
    args: [...args, "serve", "--listen", "127.0.0.1:0", "--json", ...flags],
    cwd: lab.root,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: lab.home,
      DENO_DIR: denoFolder(),
      NO_COLOR: "1",
      ...testEnvironment,
      ...lab.environment,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors: string[] = [];
  const listening = collect(child.stderr, errors);
  try {
    const { url } = JSON.parse(await firstLine(child.stdout, errors));
    await work({
      url,
      port: Number(new URL(url).port),
      readToken,
      writeToken,
      said: () => errors.join(""),
      memory: () => memoryOf(child.pid),
    });
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await listening;
  }
}

/** Runs the program in a lab with a token. */
export function sayWith(
  lab: Pick<Lab, "root" | "home">,
  token: string | undefined,
  ...words: readonly string[]
): Promise<Said> {
  const environment: Record<string, string> = token === undefined ? {} : { LAMIN_TOKEN: token };
  return say({ folder: lab.root, home: lab.home, environment }, ...words);
}

async function tokenOf(
  { root: folder, home, environment = {} }: Runnable,
  name: string,
  ...more: readonly string[]
): Promise<string> {
  const words = ["serve", "token", "add", `${name}-${crypto.randomUUID().slice(0, 8)}`, ...more];
  const { code, stdout, stderr } = await say({ folder, home, environment }, ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function firstLine(stream: ReadableStream<Uint8Array>, errors: string[]): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server ended: ${errors.join("")}`);
    text += value;
    const end = text.indexOf("\n");
    if (end < 0) continue;
    // What comes later is let go, so that the server never waits for it.
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return text.slice(0, end);
  }
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) into.push(text);
}

function memoryOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}
