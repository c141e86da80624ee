/** What goes from one instance to another that lies beside it. */
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { stepThrough } from "./stepping.ts";
import { bothSides, type SyncCommand, SyncVerdict } from "./sync_verdict.ts";

interface SyncScenario {
  readonly name: string;
  /** The command line, said in the folder beside the lab. */
  readonly words: readonly string[];
  readonly to: "here" | "lab";
  readonly isClone?: boolean;
  readonly prepare: (here: Atlas, lab: Atlas) => Promise<void>;
}

function syncSuite({ name, words, to, isClone = false, prepare }: SyncScenario): void {
  stepThrough({
    name,
    words,
    prepare: async (here) => {
      const lab = labBeside(here);
      Deno.mkdirSync(lab.root);
      await lab.lamin("init");
      await prepare(here, lab);
    },
    witness: async (here) => {
      const lab = labBeside(here);
      const [source, target] = to === "here" ? [lab, here] : [here, lab];
      const command: SyncCommand = { words, here, source, target, isClone };
      const before = await bothSides(command);
      return async () => new SyncVerdict(command, before, await bothSides(command));
    },
  });
}

function labBeside({ root, home }: Atlas): Atlas {
  return atlasAt(`${root.slice(0, root.lastIndexOf("/"))}/lab`, home);
}

/** Files, versions, folders with a common file, and something in the trash. */
async function fill({ write, lamin }: Atlas): Promise<void> {
  write("a.csv", "first\n");
  write("f.zarr/0", "zero\n");
  await lamin("add", ".");
  write("a.csv", "second\n");
  write("f.zarr/1", "one\n");
  for (let file = 0; file < 9; file++) write(`raw/${file}.txt`, `${file}\n`);
  await lamin("add", ".");
  await lamin("rm", "raw/8.txt");
}

/** An instance that had something from the lab before, and has something of its own. */
async function meet(here: Atlas, lab: Atlas): Promise<void> {
  await here.lamin("init");
  here.write("own.csv", "own\n");
  await here.lamin("add", "own.csv");
  lab.write("early.csv", "early\n");
  await lab.lamin("add", "early.csv");
  await here.lamin("remote", "add", "lab", lab.root);
  await here.lamin("pull", "lab", "--data", "all");
}

syncSuite({
  name: "clone --data all",
  words: ["clone", "../lab", ".", "--data", "all", "--json"],
  to: "here",
  isClone: true,
  prepare: (_, lab) => fill(lab),
});

syncSuite({
  name: "pull --data all",
  words: ["pull", "lab", "--data", "all", "--json"],
  to: "here",
  prepare: async (here, lab) => {
    await meet(here, lab);
    lab.write("early.csv", "changed\n");
    await fill(lab);
  },
});

syncSuite({
  name: "push",
  words: ["push", "lab", "--json"],
  to: "lab",
  prepare: async (here, lab) => {
    await meet(here, lab);
    here.write("early.csv", "changed\n");
    await fill(here);
  },
});
