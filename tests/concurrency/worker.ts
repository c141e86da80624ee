/**
 * One of many processes that work on an instance at once: `worker.ts ROOT HOME SEED WORKER COUNT
 * LENGTH`. It says that it is ready, waits for a line on standard input, takes its steps, and
 * prints a line of JSON for each.
 */
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { type Step, stepsOf } from "./actor.ts";
import { contentOf, isWhole } from "./content.ts";

/** What became of a step. */
export interface Taken {
  readonly worker: number;
  readonly words: readonly string[];
  readonly adds: Step["adds"];
  readonly code: number;
  /** Standard output; of a step that prints bytes, whether they were whole, right ones. */
  readonly stdout: string;
  readonly stderr: string;
  readonly isWhole?: boolean;
  readonly milliseconds: number;
}

if (import.meta.main) await work();

async function work(): Promise<void> {
  const [root, home, ...numbers] = Deno.args as [string, string, ...string[]];
  const [seed, worker, count, length] = numbers.map(Number) as [number, number, number, number];
  const steps = stepsOf(seed, worker, count, length);
  await print("ready");
  await Deno.stdin.read(new Uint8Array(8));
  for (const step of steps) {
    await new Promise((resolve) => setTimeout(resolve, step.pauseMs));
    await print(JSON.stringify(await take(root, home, worker, step)));
  }
}

async function take(root: string, home: string, worker: number, step: Step): Promise<Taken> {
  for (const [path, label] of Object.entries(step.files)) {
    const file = `${root}/${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(file, contentOf(label));
  }
  const output: Uint8Array[] = [];
  const error: Uint8Array[] = [];
  const words = step.prints ? step.words : [...step.words, "--json"];
  const begun = performance.now();
  const code = await main(hostOf(root, home, step, output, error), words);
  const bytes = joined(output);
  return {
    worker,
    words,
    adds: step.adds,
    code,
    stdout: step.prints ? "" : new TextDecoder().decode(bytes),
    stderr: new TextDecoder().decode(joined(error)),
    ...(step.prints && code === 0 ? { isWhole: isWhole(bytes) } : {}),
    milliseconds: Math.round(performance.now() - begun),
  };
}

function hostOf(
  root: string,
  home: string,
  { input }: Step,
  output: Uint8Array[],
  error: Uint8Array[],
): Host {
  const host = denoHost();
  return {
    ...host,
    workingDirectory: () => root,
    homeDirectory: () => home,
    environment: (name) => name.startsWith("AWS_") ? Deno.env.get(name) : undefined,
    terminal: {
      ...host.terminal,
      async *input() {
        if (input !== undefined) yield contentOf(input);
      },
      inputIsTerminal: () => false,
      outputIsTerminal: () => false,
      errorIsTerminal: () => false,
      writeOutput: (bytes) => void output.push(bytes.slice()),
      writeError: (bytes) => void error.push(bytes.slice()),
    },
  };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

async function print(line: string): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${line}\n`));
  writer.releaseLock();
}
