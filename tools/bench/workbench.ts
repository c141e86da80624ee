import { mustRun } from "../build/run.ts";
import type { Command, Measured, Meter } from "./meter.ts";
import type { Scale } from "./scale.ts";
import { Servers } from "./servers.ts";
import type { Place, Tool } from "./tool.ts";

/** A command that did not end with 0, or ran too long. */
export class Failure extends Error {}

/** Somebody wants it to end. */
export class Interrupted extends Error {}

/** No single command of a scene may take longer. */
const timeoutSeconds = 3600;

/** The folder that everything happens in, and running commands there. */
export class Bench {
  #interrupted = false;
  readonly servers: Servers;

  constructor(
    /** Absolute; with everything below it. */
    readonly folder: string,
    readonly scale: Scale,
    /** The program under test: data is made with it, too. */
    readonly lamin: Tool,
    private readonly meter: Meter,
    /** Folders that programs are found in, after those of the user. */
    private readonly programFolders: readonly string[] = [],
  ) {
    this.servers = new Servers(`${folder}/rounds/buckets`);
    for (const path of ["data", "home", "rounds", "temporary"]) {
      Deno.mkdirSync(`${folder}/${path}`, { recursive: true });
    }
    Deno.writeTextFileSync(`${folder}/home/.gitconfig`, gitSettings);
  }

  /** How it measures. */
  get how(): string {
    return this.meter.how;
  }

  get isInterrupted(): boolean {
    return this.#interrupted;
  }

  /** Ends the command that runs; what waits for it, or asks for another, throws Interrupted. */
  interrupt(): void {
    this.#interrupted = true;
    void this.meter.close();
  }

  /**
   * Lets signals arrive in the midst of long work of this process. @throws Interrupted when one
   * did.
   */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#interrupted) throw new Interrupted("interrupted");
  }

  /** Ends what runs and removes the folder; with `keepData` all but the generated data. */
  async close({ keepData }: { readonly keepData: boolean }): Promise<void> {
    await this.meter.close();
    this.servers.stop();
    const all = keepData ? ["home", "rounds", "temporary"] : [""];
    for (const path of all) await removeTree(`${this.folder}/${path}`);
  }

  /** Path of generated data; what is made below `name` is kept for the next scene. */
  data(name: string): string {
    return `${this.folder}/data/${name}`;
  }

  /** Where the last command's standard output is. */
  get output(): string {
    return `${this.folder}/temporary/output`;
  }

  /** An empty folder for a tool, without what an earlier round left. */
  async freshPlace(tool: Tool, course: string): Promise<Place> {
    const base = `${this.folder}/rounds/${tool.name.replaceAll(" ", "-")}-${course}`;
    await removeTree(base);
    await Deno.mkdir(`${base}/atlas`, { recursive: true });
    return { folder: `${base}/atlas`, store: `${base}/store` };
  }

  /** Measures commands, one after another, as one. @throws Failure at the first that fails. */
  async measure(tool: Tool, place: Place, commands: readonly Command[]): Promise<Measured> {
    let total: Measured | undefined;
    for (const command of commands) {
      const measured = await this.#run(tool, place, command);
      total = total === undefined ? measured : together(total, measured);
    }
    if (total === undefined) throw new Failure("there is nothing to run");
    return total;
  }

  async #run(tool: Tool, { folder, environment }: Place, command: Command): Promise<Measured> {
    await this.breathe();
    const errors = `${this.folder}/temporary/errors`;
    const measured = await this.meter.measure(command, {
      folder,
      environment: { ...this.environment(), ...tool.environment, ...environment },
      output: this.output,
      errors,
      timeoutSeconds,
    });
    if (this.#interrupted) throw new Interrupted("interrupted");
    if (measured.code === 0) return measured;
    const said = (await Deno.readTextFile(errors)).trim() || (await Deno.readTextFile(this.output));
    const line = [command.program.split("/").at(-1), ...command.args].join(" ").slice(0, 120);
    throw new Failure(`'${line}' ended with ${measured.code}: ${said.slice(-400)}`);
  }

  /** The environment of all commands: nothing of the user's but where programs are. */
  environment(): Record<string, string> {
    const path = [Deno.env.get("PATH"), ...this.programFolders].filter(Boolean).join(":");
    const inherited = ["LD_LIBRARY_PATH", "SSL_CERT_FILE"].flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    });
    return {
      ...Object.fromEntries(inherited),
      PATH: path,
      HOME: `${this.folder}/home`,
      TMPDIR: `${this.folder}/temporary`,
      XDG_CACHE_HOME: `${this.folder}/home/.cache`,
      LAMIN_SETTINGS_DIR: `${this.folder}/home`,
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
      GIT_CONFIG_NOSYSTEM: "1",
      LC_ALL: "C.UTF-8",
      NO_COLOR: "1",
    };
  }

  /** Writes what waits in memory to the disk, so that the next tool does not pay for it. */
  async settle(): Promise<void> {
    await this.breathe();
    await mustRun("sync", []);
  }
}

/** One after another: times add up, memory is that of the largest. */
function together(one: Measured, other: Measured): Measured {
  const both = (
    combine: (a: number, b: number) => number,
    a: number | undefined,
    b: number | undefined,
  ) => a === undefined || b === undefined ? a ?? b : combine(a, b);
  return {
    code: other.code,
    seconds: one.seconds + other.seconds,
    cpuSeconds: both((a, b) => a + b, one.cpuSeconds, other.cpuSeconds),
    peakBytes: both(Math.max, one.peakBytes, other.peakBytes),
    privateBytes: both(Math.max, one.privateBytes, other.privateBytes),
  };
}

/** Removes a folder and all below it, also where tools took away the permission to write. */
export async function removeTree(path: string): Promise<void> {
  if (await Deno.lstat(path).then(() => false, () => true)) return;
  await mustRun("chmod", ["-R", "u+rwX", path]);
  await mustRun("rm", ["-rf", path]);
}

const gitSettings = `[user]
  name = bench
  email = bench@example.com
[init]
  defaultBranch = main
[gc]
  auto = 0
[advice]
  detachedHead = false
[filter "lfs"]
  clean = git-lfs clean -- %f
  smudge = git-lfs smudge -- %f
  process = git-lfs filter-process
  required = true
`;
