import { withWorkspace, type Workspace, workspaceAt } from "../lamin.ts";
import { type Place, type Said, say } from "./in_process.ts";

/** An instance whose program runs inside the test, which is much faster than processes. */
export interface Atlas extends Pick<Workspace, "root" | "home" | "write" | "read" | "path"> {
  run(...words: readonly string[]): Promise<Said>;
  /** Runs it in a folder of the work tree. */
  runIn(folder: string, ...words: readonly string[]): Promise<Said>;
  /** Runs it and throws unless it ends with 0; gives standard output. */
  lamin(...words: readonly string[]): Promise<string>;
  /** Runs it with `--json` and gives what it prints, whatever the exit code. */
  // deno-lint-ignore no-explicit-any
  json(...words: readonly string[]): Promise<any[]>;
  exists(path: string): boolean;
  remove(path: string): void;
}

/** Runs `work` in an instance that `lamin init` made. */
export async function withAtlas(
  work: (atlas: Atlas) => Promise<void>,
  initWords: readonly string[] = [],
): Promise<void> {
  await withWorkspace(async ({ root, home }) => {
    const atlas = atlasAt(root, home);
    await atlas.lamin("init", ...initWords);
    await work(atlas);
  });
}

/** The program run inside the test, in a folder that exists. */
export function atlasAt(root: string, home: string, place: Partial<Place> = {}): Atlas {
  const { write, read, path } = workspaceAt(root, home);
  const run = (...words: readonly string[]) => say({ ...place, folder: root, home }, ...words);
  return {
    root,
    home,
    write,
    read,
    path,
    run,
    runIn: (folder, ...words) => say({ ...place, folder: path(folder), home }, ...words),
    lamin: async (...words) => {
      const { code, stdout, stderr } = await run(...words);
      if (code === 0) return stdout;
      throw new Error(`lamin ${words.join(" ")} ended with ${code}:\n${stderr}`);
    },
    json: async (...words) => {
      const { stdout } = await run(...words, "--json");
      return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
    exists: (relative) => {
      try {
        Deno.lstatSync(path(relative));
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    },
    remove: (relative) => Deno.removeSync(path(relative), { recursive: true }),
  };
}
