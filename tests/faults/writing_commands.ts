import type { World } from "./world.ts";

/** A verb that writes, as a command line for a {@link World}. */
export interface WritingCommand {
  readonly words: readonly string[];
  /** What is done to the world first. */
  readonly prepare?: (world: World) => Promise<void> | void;
  /** Where it is run, when not in the work tree. */
  readonly folder?: string;
  /** What comes from standard input. */
  readonly input?: string;
  /** Exit codes of a part that could be done: files are refused, artifacts left, by name. */
  readonly partly?: readonly number[];
}

const write = (path: string, content: string) => (world: World) => world.write(path, content);

function writeFolder(world: World): void {
  world.write("screen/1.txt", "one\n");
  world.write("screen/deep/2.txt", "two\n");
}

/** Takes stored bytes away that lie in the work tree too, so that they can be mended. */
async function damage(world: World): Promise<void> {
  const { stdout } = await world.lamin("show", "raw/b.csv", "--json");
  Deno.removeSync(`${world.atlas}/${JSON.parse(stdout)._real_key}`);
  world.write("plate/x.txt", "x of the plate\n");
}

/** Every verb that writes, in all its forms. */
export const writingCommands: readonly WritingCommand[] = [
  { words: ["init", "../other/new"] },
  { words: ["add", "new.csv"], prepare: write("new.csv", "a,b\n1,2\n"), partly: [1] },
  { words: ["add", "raw/a.csv"], prepare: write("raw/a.csv", "another version\n"), partly: [1] },
  { words: ["add", "screen", "--as", "folder"], prepare: writeFolder, partly: [1] },
  { words: ["add", "screen"], prepare: writeFolder, partly: [1] },
  { words: ["add", "plate"], prepare: write("plate/sub/y.txt", "another y\n"), partly: [1] },
  { words: ["add", "-", "--key", "piped.csv"], input: "a,b\n3,4\n".repeat(20_000) },
  { words: ["add", "new.csv", "--link"], prepare: write("new.csv", "linked\n"), partly: [1] },
  { words: ["add", "new.csv", "--no-copy"], prepare: write("new.csv", "placed\n"), partly: [1] },
  { words: ["add", "copy.csv"], prepare: write("copy.csv", "gene,count\nMYC,2\n"), partly: [1] },
  { words: ["mv", "raw/a.csv", "cooked/c.csv"] },
  { words: ["mv", "placed.csv", "elsewhere/placed.csv"] },
  { words: ["mv", "plate", "dish"] },
  { words: ["rm", "raw/b.csv"] },
  { words: ["rm", "plate", "--files"] },
  { words: ["restore", "old.csv"] },
  { words: ["undo"], prepare: async ({ lamin }) => void await lamin("mv", "plate", "dish") },
  { words: ["get", "raw/a.csv@0", "--to", "../other/a.csv"], partly: [12, 13] },
  { words: ["get", "plate", "--to", "../other/plate"], partly: [12, 13] },
  { words: ["get", "raw/a.csv@0", "--to", "raw/a.csv"], partly: [1, 12, 13] },
  { words: ["gc", "--apply", "--grace", "0"] },
  { words: ["fsck", "--repair"], prepare: damage, partly: [13] },
  { words: ["connect", "."] },
  { words: ["connect", "../atlas", "--here"], folder: "other" },
  { words: ["config", "set", "modules", "bionty"] },
];
