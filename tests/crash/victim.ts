/**
 * The process that dies: `victim.ts SPECIFICATION` (JSON, see {@link Specification}) runs one
 * command of the program. Each call that changes or flushes something and each statement that
 * changes a database is a step.
 *
 * With `dieAt` it ends by SIGKILL right before that step, as nothing can delay or notice. Without,
 * it writes down what a death before each step would have left on the disk, which is what is there
 * at that moment, and what the power going then could have left; it prints the list as JSON.
 */
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { random } from "../seed.ts";
import { watchDatabases } from "./database_seam.ts";
import { DiskModel } from "./disk_model.ts";
import { textOf, watchedHost } from "./seam.ts";
import { Snapshots } from "./snapshots.ts";

export interface Specification {
  /** Folder that holds `atlas/`, where the command runs, and `home/`. */
  readonly base: string;
  readonly words: readonly string[];
  /** Standard input. */
  readonly input: string | undefined;
  readonly dieAt: number | undefined;
  /** Whether the command runs programs that make files. */
  readonly runsOthers?: boolean | undefined;
  readonly seed: number;
  /** How often the power goes before each step. */
  readonly losses: number;
  /** How many of the deaths and of the losses to write down; by chance where there are more. */
  readonly most: number;
  /** Folder to write the states into. */
  readonly into: string;
}

const specification = JSON.parse(Deno.args[0]!) as Specification;
await (specification.dieAt === undefined ? record() : die(specification.dieAt));

async function die(step: number): Promise<void> {
  let count = 0;
  const before = () => {
    if (count++ === step) Deno.kill(Deno.pid, "SIGKILL");
  };
  watchDatabases(before);
  Deno.exit(await main(hostOf(watchedHost(denoHost(), { before })), specification.words));
}

async function record(): Promise<void> {
  const { base, seed, losses, words, into, most, runsOthers } = specification;
  const chance = random(seed);
  const snapshots = new Snapshots(new DiskModel(base, runsOthers), chance, losses);
  watchDatabases((what) => {
    snapshots.step(what);
    snapshots.model.beforeSql();
  });
  const host = watchedHost(denoHost(), {
    before: (call) => {
      snapshots.step(textOf(call).replaceAll(base, ""));
      snapshots.model.before(call);
    },
    after: (call) => snapshots.model.after(call),
  });
  const code = await main(hostOf(host, () => snapshots.isTold = true), words);
  snapshots.isTold = snapshots.isOver = true;
  snapshots.step("the end");
  const states = snapshots.write(into, most);
  console.log(JSON.stringify({ code, steps: snapshots.steps, states }));
}

function hostOf(host: Host, onOutput: () => void = () => {}): Host {
  const { base, input } = specification;
  return {
    ...host,
    workingDirectory: () => `${base}/atlas`,
    homeDirectory: () => `${base}/home`,
    environment: () => undefined,
    environmentNames: () => [],
    terminal: {
      ...host.terminal,
      async *input() {
        if (input !== undefined) yield new TextEncoder().encode(input);
      },
      inputIsTerminal: () => false,
      writeOutput: onOutput,
    },
  };
}
