/**
 * Two people of one group on one machine: processes under numbers of their own, which is for root
 * to arrange. They get a copy of the program, since the checkout may lie where only its owner
 * looks.
 */
import { command, denoFolder, type Run } from "../lamin.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

export type Person = "ada" | "ben";

/** Numbers that no system gives away by itself; the group is shared, the others are their own. */
const userIds: Readonly<Record<Person, number>> = { ada: 64001, ben: 64002 };
export const labGroup = 64000;

export interface RunOptions {
  readonly umask: string;
  /** Words to put before the command line. */
  readonly before?: readonly string[];
}

export interface World {
  /** Folder for instances; everybody may look, nobody but root may write. */
  readonly base: string;
  /** Makes a folder that belongs to a person, and to the group unless `alone`. */
  folder(name: string, mode: number, options?: { readonly alone?: boolean }): string;
  run(
    person: Person,
    folder: string,
    words: readonly string[],
    options: RunOptions,
  ): Promise<Run>;
  /** Runs it and throws unless it ends with 0; gives its standard output. */
  lamin(
    person: Person,
    folder: string,
    words: readonly string[],
    options: RunOptions,
  ): Promise<string>;
  /** Writes a file as a person. */
  write(person: Person, path: string, text: string): void;
}

/** Why there cannot be two people of one folder here, if there cannot. */
export function onlyOneHand(): string | undefined {
  const elsewhere = onlySqlite ?? onlyLocal;
  if (elsewhere !== undefined) return elsewhere;
  if (Deno.build.os !== "linux") return "only Linux has setpriv";
  if (Deno.uid() !== 0) return "only root can be two users";
  try {
    const args = ["--reuid=64001", "--regid=64001", "--groups=64000", "true"];
    const { success } = new Deno.Command("setpriv", { args }).outputSync();
    return success ? undefined : "root may not become another user here";
  } catch {
    return "no program setpriv";
  }
}

export async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-hands-" }));
  try {
    Deno.chmodSync(base, 0o755);
    for (const person of ["ada", "ben"] as const) {
      Deno.mkdirSync(`${base}/home-${person}`);
      Deno.chownSync(`${base}/home-${person}`, userIds[person], userIds[person]);
    }
    await work(worldAt(base, programForAll()));
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

/** A program that everybody can run. */
interface Program {
  readonly words: readonly string[];
  readonly cache: string;
}

function worldAt(base: string, program: Program): World {
  const run: World["run"] = async (person, folder, words, { umask, before = [] }) => {
    const id = userIds[person];
    const become = ["setpriv", `--reuid=${id}`, `--regid=${id}`, `--groups=${labGroup}`];
    const shell = ["sh", "-c", `umask ${umask}; exec "$@"`, "sh"];
    const [first, ...args] = [...before, ...become, ...shell, ...program.words, ...words];
    const { code, stdout, stderr } = await new Deno.Command(first!, {
      args,
      cwd: folder,
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: `${base}/home-${person}`,
        DENO_DIR: program.cache,
        USER: person,
        NO_COLOR: "1",
      },
      stdin: "null",
    }).output();
    const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, stderr: error!, bytes: stdout };
  };
  return {
    base,
    run,
    lamin: async (person, folder, words, options) => {
      const { code, stdout, stderr } = await run(person, folder, words, options);
      if (code === 0) return stdout;
      throw new Error(`${person}: lamin ${words.join(" ")} ended with ${code}:\n${stderr}`);
    },
    folder: (name, mode, { alone = false } = {}) => {
      const path = `${base}/${name}`;
      Deno.mkdirSync(path);
      Deno.chownSync(path, userIds.ada, alone ? userIds.ada : labGroup);
      Deno.chmodSync(path, mode);
      return path;
    },
    write: (person, path, text) => {
      Deno.writeTextFileSync(path, text);
      Deno.chownSync(path, userIds[person], labGroup);
      Deno.chmodSync(path, 0o644);
    },
  };
}

let copied: Program | undefined;

/** The program where everybody can run it; copied once, until the tests of the file are done. */
function programForAll(): Program {
  if (copied !== undefined) return copied;
  const folder = Deno.makeTempDirSync({ prefix: "lamin-program-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  Deno.chmodSync(folder, 0o755);
  copied = { words: copyProgram(folder), cache: `${folder}/cache` };
  return copied;
}

function copyProgram(folder: string): string[] {
  const { program, args } = command();
  copy([program, `${folder}/engine`]);
  if (args.length === 0) return [`${folder}/engine`];
  const root = new URL("../..", import.meta.url).pathname;
  const sources = ["cli", "core", "store", "modules", "deno.json", "deno.lock"];
  copy([...sources.map((name) => root + name), folder]);
  Deno.mkdirSync(`${folder}/cache`);
  copy([`${denoFolder()}/npm`, `${folder}/cache/npm`]);
  return [`${folder}/engine`, ...args.slice(0, -1), `${folder}/cli/main.ts`];
}

function copy(words: readonly string[]): void {
  const args = ["-r", "--reflink=auto", ...words];
  const { success, stderr } = new Deno.Command("cp", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  new Deno.Command("chmod", { args: ["-R", "a+rX", words.at(-1)!] }).outputSync();
}

/** All files and folders below a folder with what somebody else could have changed about them. */
export function treeOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    const { mode, size, mtime, uid, gid } = Deno.lstatSync(path);
    const own = `${path} ${mode!.toString(8)} ${uid}:${gid}`;
    if (isDirectory) return [own, ...treeOf(path)];
    return [`${own} ${size} ${mtime!.getTime()}`];
  }).sort();
}
