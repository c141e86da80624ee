/**
 * What tests of the program stand on: a temporary instance with a home of its own, and the real
 * program run in it as a process.
 */

import { withoutPowers } from "./powers.ts";
import { TestDatabases, testEnvironment } from "./test_database.ts";

/** What one run of the program gave. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly environment?: Record<string, string>;
  /** Folder to run in, relative to the work tree. */
  readonly folder?: string;
  /** As a user to whom permission bits apply, also where the tests run as root. */
  readonly withoutPowers?: boolean;
}

export interface Workspace {
  /** Absolute path of the work tree. */
  readonly root: string;
  /** Absolute path of the home folder, which holds LaminDB's settings. */
  readonly home: string;
  /** Runs the program. */
  run(words: readonly string[], options?: RunOptions): Promise<Run>;
  /** Runs the program and throws unless it ends with 0; gives its standard output. */
  lamin(...words: readonly string[]): Promise<string>;
  /** Runs it with `--json` and gives the objects that it prints. */
  // deno-lint-ignore no-explicit-any
  json(...words: readonly string[]): Promise<any[]>;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  /** Absolute path of something in the work tree. */
  path(relative: string): string;
}

const main = new URL("../cli/main.ts", import.meta.url).pathname;

/** The program under test: the sources, or the binary named by LAMIN_TEST_BINARY. */
export function command(): { program: string; args: string[] } {
  const binary = Deno.env.get("LAMIN_TEST_BINARY");
  return binary === undefined
    ? { program: Deno.execPath(), args: ["run", "-A", "--no-check", "--quiet", main] }
    : { program: binary, args: [] };
}

/** Runs `work` in a temporary folder without an instance. */
export async function withWorkspace(work: (workspace: Workspace) => Promise<void>): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const databases = new TestDatabases();
  try {
    const root = `${base}/atlas`;
    const home = `${base}/home`;
    Deno.mkdirSync(root);
    Deno.mkdirSync(home);
    await work(workspaceAt(root, home, databases));
  } finally {
    Deno.removeSync(base, { recursive: true });
    await databases.remove();
  }
}

/** Runs `work` in a temporary folder where `lamin init` has been run. */
export async function withInstance(
  work: (workspace: Workspace) => Promise<void>,
  initWords: readonly string[] = [],
): Promise<void> {
  await withWorkspace(async (workspace) => {
    await workspace.lamin("init", ...initWords);
    await work(workspace);
  });
}

/** A workspace over folders that exist. */
export function workspaceAt(
  root: string,
  home: string,
  databases = new TestDatabases(),
): Workspace {
  const path = (relative: string) => `${root}/${relative}`;
  const run = async (words: readonly string[], options: RunOptions = {}) => {
    const folder = options.folder === undefined ? root : path(options.folder);
    const given = await databases.wordsFor(words, folder);
    const result = await runProgram(given, options, folder, home);
    if (result.code === 0) {
      await databases.furnish(words, folder, (...more) => runProgram(more, options, folder, home));
    }
    return result;
  };
  const lamin = async (...words: readonly string[]) => {
    const result = await run(words);
    if (result.code === 0) return result.stdout;
    throw new Error(`lamin ${words.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  };
  return {
    root,
    home,
    run,
    lamin,
    json: async (...words) =>
      (await lamin(...words, "--json")).split("\n").filter(Boolean).map((line) => JSON.parse(line)),
    write: (relative, content) => {
      const file = path(relative);
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      if (typeof content === "string") Deno.writeTextFileSync(file, content);
      else Deno.writeFileSync(file, content);
    },
    read: (relative) => Deno.readTextFileSync(path(relative)),
    path,
  };
}

async function runProgram(
  words: readonly string[],
  options: RunOptions,
  folder: string,
  home: string,
): Promise<Run> {
  const { program, args } = command();
  const before = options.withoutPowers ? withoutPowers() : [];
  const [first, ...others] = [...before, program, ...args, ...words];
  const child = new Deno.Command(first!, {
    args: others,
    cwd: folder,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      DENO_DIR: denoFolder(),
      NO_COLOR: "1",
      ...testEnvironment,
      ...options.environment,
    },
    stdin: options.input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (options.input !== undefined) await feed(child, options.input);
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), bytes: stdout };
}

async function feed(child: Deno.ChildProcess, input: string | Uint8Array): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(
      typeof input === "string"
        ? new TextEncoder().encode(input)
        : input as Uint8Array<ArrayBuffer>,
    );
    await writer.close();
  } catch {
    // The program ended without reading all of it: its exit code tells.
  }
}

/** Deno's cache, so that a home of its own does not mean downloading and compiling anew. */
export function denoFolder(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}

/** A copy of one of the Python-made instances in tests/fixtures/instances. */
export async function withPythonInstance(
  name: "lamindb-2.12.1" | "lamindb-1.1.0",
  work: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  const archive = new URL(`./fixtures/instances/${name}.tar.gz`, import.meta.url).pathname;
  await withWorkspace(async ({ root, home }) => {
    const base = root.slice(0, root.lastIndexOf("/"));
    const tar = new Deno.Command("tar", { args: ["xzf", archive, "-C", base] });
    if (!(await tar.output()).success) throw new Error(`cannot unpack ${archive}`);
    await work(workspaceAt(`${base}/${name === "lamindb-1.1.0" ? "old-lab" : "demo-lab"}`, home));
  });
}
