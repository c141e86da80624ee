import { FaultyCalls } from "./fault.ts";
import { type Answer, type Place, runWithFaults } from "./run_with_faults.ts";
import { type State, stateOf } from "./state.ts";

/** Folders of a world, side by side. */
const folders = ["atlas", "home", "other"] as const;

/**
 * An instance with every way of storing, a home and a folder for more, which can be put back to how
 * they were.
 */
export interface World {
  readonly base: string;
  /** The work tree. */
  readonly atlas: string;
  /** Runs one command line in the work tree, or in another of the folders. */
  run(
    words: readonly string[],
    options?: { calls?: FaultyCalls; input?: string; folder?: string },
  ): Promise<Answer>;
  /** Runs it and throws unless it ends with 0. */
  lamin(...words: readonly string[]): Promise<Answer>;
  write(path: string, content: string): void;
  state(): State;
  /** Keeps what is there now; returns what puts it back. */
  keep(): () => void;
}

/**
 * Runs `work` with a world that holds an instance, in a folder that is there or one of its own. Its
 * rows are in SQLite and its bytes on this disk, whatever the tests are told: it is their calls
 * that fail. What servers do is in `tests/store` and `tests/crash/remote_test.ts`.
 */
export async function withWorld(
  work: (world: World) => Promise<void>,
  folder?: string,
): Promise<void> {
  const own = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const base = folder ?? `${own}/world`;
  try {
    for (const folder of folders) Deno.mkdirSync(`${base}/${folder}`, { recursive: true });
    const world = worldIn(base, own);
    await fill(world);
    await work(world);
  } finally {
    Deno.removeSync(own, { recursive: true });
  }
}

/** A world below `base`; what is kept of it lies below `keep`. */
function worldIn(base: string, keep: string): World {
  // Ahead once all is kept, so that what nothing refers to is old enough to be collected.
  let aheadMs = 0;
  let count = 0;
  const run: World["run"] = (words, { calls = new FaultyCalls(), input, folder } = {}) => {
    const place: Place = { folder: `${base}/${folder ?? "atlas"}`, home: `${base}/home`, aheadMs };
    return runWithFaults(place, calls, words, input);
  };
  return {
    base,
    atlas: `${base}/atlas`,
    run,
    lamin: async (...words) => {
      const answer = await run(words);
      if (answer.code === 0) return answer;
      throw new Error(`lamin ${words.join(" ")} ended with ${answer.code}:\n${answer.stderr}`);
    },
    write: (path, content) => {
      Deno.mkdirSync(`${base}/atlas/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      Deno.writeTextFileSync(`${base}/atlas/${path}`, content);
    },
    state: () => stateOf(base, folders),
    keep: () => {
      aheadMs += 60 * 60 * 1000;
      const kept = `${keep}/kept${++count}`;
      for (const folder of folders) copyAll(`${base}/${folder}`, `${kept}/${folder}`);
      return () => {
        for (const folder of folders) {
          Deno.removeSync(`${base}/${folder}`, { recursive: true });
          copyAll(`${kept}/${folder}`, `${base}/${folder}`);
        }
      };
    },
  };
}

/** Versions, a folder, data in place, a linked file, something in the trash, and garbage. */
async function fill({ lamin, write, atlas }: World): Promise<void> {
  await lamin("init");
  write("raw/a.csv", "gene,count\nTP53,1\n");
  write("raw/b.csv", "gene,count\nMYC,2\n");
  write("plate/x.txt", "x of the plate\n");
  write("plate/sub/y.txt", "y of the plate\n");
  write("placed.csv", "left where it lies\n");
  write("linked.csv", "a second name\n");
  write("old.csv", "to the trash\n");
  write("gone.csv", "nothing refers to this\n");
  await lamin("add", "raw", "old.csv", "gone.csv");
  await lamin("add", "plate", "--as", "folder");
  await lamin("add", "placed.csv", "--no-copy");
  await lamin("add", "linked.csv", "--link");
  write("raw/a.csv", "gene,count\nTP53,1\nMYC,2\n");
  await lamin("add", "raw/a.csv");
  await lamin("rm", "old.csv");
  await lamin("rm", "gone.csv", "--permanent", "--force");
  Deno.removeSync(`${atlas}/gone.csv`);
}

function copyAll(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyAll(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}
