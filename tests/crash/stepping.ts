import assert from "node:assert/strict";
import { statfsSync } from "node:fs";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { denoFolder } from "../lamin.ts";
import { random, seeded } from "../seed.ts";
import { test } from "../skip.ts";
import { rounds, soak } from "../soak.ts";
import { ownPlaces } from "../test_database.ts";
import type { Scenario } from "./scenario.ts";
import type { Snapshot } from "./snapshots.ts";
import { look } from "./look.ts";
import type { Specification } from "./victim.ts";
import { Verdict } from "./verdict.ts";

const victim = new URL("./victim.ts", import.meta.url).pathname;

/**
 * Deaths, and losses of power, that are looked at of a command, before it told of its success and
 * after; all of them in the long form.
 */
const most = soak ? 1e9 : 2;

/**
 * Registers the test of a command: whenever it dies, the next one works by itself, the state is the
 * old one or the new one, and saying it again leads to the new one.
 *
 * One process runs the command to its end and keeps what is on the disk before each of its steps,
 * which is what a death then leaves. Some steps chosen by the seed, in the long form all of them,
 * are also died at by a process of their own.
 */
export function deathSuite(scenario: Scenario): void {
  const { name, words, input, prepare } = scenario;
  stepThrough({
    name,
    words,
    input,
    prepare: async (atlas) => {
      if (prepare === undefined) return;
      await atlas.lamin("init");
      await prepare(atlas);
    },
    witness: (atlas, words) => {
      const before = look(atlas.root);
      const judge = () => new Verdict({ ...scenario, words }, atlas, before, look(atlas.root));
      return Promise.resolve(() => Promise.resolve(judge()));
    },
  });
}

/** A command that may die, and how it is judged what it left. */
export interface Course extends Pick<Scenario, "name" | "words"> {
  /** Standard input. */
  readonly input?: string | undefined;
  /** Whether it runs programs that make files. */
  readonly runsOthers?: true;
  /** Makes ready what the command works on, in an empty folder. */
  prepare(atlas: Atlas): Promise<void>;
  /**
   * Called when all is ready; what it gives is called when the command came to its end undisturbed,
   * and gives who judges all other ends.
   */
  witness(atlas: Atlas, words: readonly string[]): Promise<() => Promise<Judge>>;
}

export interface Judge {
  /** Looks at what a death left; throws when that is not right. */
  pass(moment: Omit<Snapshot, "name">): Promise<void>;
}

/**
 * Registers the test of a command that dies at its steps. These are calls of SQLite and of this
 * disk: `remote_stepping.ts` has those to servers.
 */
export function stepThrough(course: Course): void {
  test(
    `${course.name}: whenever it dies, the old state or the new one is there`,
    ownPlaces,
    () =>
      seeded((seed) =>
        withBase(async (base) => {
          await new Stepping(course, base, seed).run();
        })
      ),
  );
}

class Stepping {
  readonly #base: string;
  readonly #aside: string;
  readonly #atlas: Atlas;
  #words: readonly string[] = [];

  constructor(
    private readonly course: Course,
    folder: string,
    private readonly seed: number,
  ) {
    this.#base = `${folder}/base`;
    this.#aside = `${folder}/aside`;
    for (const name of ["base/atlas", "base/home", "aside"]) {
      Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
    }
    this.#atlas = atlasAt(`${this.#base}/atlas`, `${this.#base}/home`);
  }

  async run(): Promise<void> {
    const { course } = this;
    await course.prepare(this.#atlas);
    const { words } = course;
    this.#words = typeof words === "function" ? await words(this.#atlas) : words;
    const ended = await course.witness(this.#atlas, this.#words);
    const prepared = `${this.#aside}/prepared`;
    copy(this.#base, prepared);
    const { code, steps, states } = await this.#record();
    assert.equal(code, 0, `${this.#words.join(" ")} works undisturbed`);
    const judge = await ended();
    for (const { name, ...snapshot } of states) {
      this.#replace((base) => Deno.renameSync(`${this.#aside}/${name}`, base));
      await judge.pass(snapshot);
    }
    for (const step of this.#stepsToDieAt(steps)) {
      this.#replace((base) => copy(prepared, base));
      const { signal, code } = await this.#spawn({ dieAt: step });
      // The copy has caches that do not hold, so that there can be fewer steps.
      const isOver = signal === null && code === 0;
      assert.ok(isOver || signal === "SIGKILL", `killed at step ${step} of ${steps}: ${code}`);
      await judge.pass({ moment: `killed at step ${step}`, isTold: isOver, isOver });
    }
  }

  #stepsToDieAt(steps: number): number[] {
    // The last step is the end, when nothing is left to be done.
    if (soak) return Array.from({ length: steps - 1 }, (_, step) => step);
    return [Math.floor(random(this.seed)() * (steps - 1))];
  }

  async #record(): Promise<{ code: number; steps: number; states: Snapshot[] }> {
    const { success, stdout } = await this.#spawn({});
    const text = new TextDecoder().decode(stdout);
    assert.ok(success, `${this.#words.join(" ")} is recorded`);
    return JSON.parse(text);
  }

  async #spawn(options: Partial<Specification>): Promise<Deno.CommandOutput> {
    const { input, runsOthers } = this.course;
    const specification: Partial<Specification> = {
      base: this.#base,
      words: this.#words,
      input,
      runsOthers,
      seed: this.seed,
      losses: rounds(1, 5),
      most,
      into: this.#aside,
      ...options,
    };
    return await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", victim, JSON.stringify(specification)],
      env: { DENO_DIR: denoFolder() },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).output();
  }

  /** Puts another state in the place of the present one. */
  #replace(put: (base: string) => void): void {
    Deno.removeSync(this.#base, { recursive: true });
    put(this.#base);
  }
}

/** Runs `work` in a temporary folder, in memory where there is enough: nothing here has to last. */
async function withBase(work: (folder: string) => Promise<void>): Promise<void> {
  const dir = isRoomy(memoryFolder) ? memoryFolder : undefined;
  const folder = Deno.realPathSync(
    Deno.makeTempDirSync({ prefix: "lamin-test-", ...(dir && { dir }) }),
  );
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const memoryFolder = "/dev/shm";

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 4 * 2 ** 30;
  } catch {
    return false;
  }
}

function copy(from: string, to: string): void {
  const { success } = new Deno.Command("cp", { args: ["-a", from, to] }).outputSync();
  assert.ok(success, `${from} is copied`);
}
