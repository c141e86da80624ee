import { findVerb, type VerbEntry, verbs } from "../../cli/verbs.ts";
import type { VerbDefinition } from "../../cli/verb.ts";
import { withRaw } from "../raw_database.ts";
import { separate } from "../separate.ts";
import { isElsewhere } from "../test_database.ts";
import { type Place, say } from "./in_process.ts";
import { noteOutput } from "./snakemake_world.ts";

/** Every name of every verb with its definition. */
export interface LoadedVerb {
  readonly name: string;
  readonly entry: VerbEntry;
  readonly definition: VerbDefinition<object>;
}

/** All verbs of the table: a new one is tested by being in it. */
export const loadedVerbs: readonly LoadedVerb[] = await Promise.all(
  Object.entries(verbs).map(async ([name, entry]) => ({
    name,
    entry,
    definition: (await entry.load()).default.definition,
  })),
);

/** A small instance that verbs are tried in, each in its own copy. */
export interface World {
  readonly place: Place;
  readonly root: string;
  /** Names that mean something in it. */
  readonly key: string;
  readonly trashedUid: string;
}

/**
 * Words that make a verb succeed where they do not follow from what its arguments name. Verbs that
 * are not here get a key, a path, a registry, … as `completes` says, or nothing.
 */
const samples: Readonly<Record<string, (world: World) => readonly string[]>> = {
  init: ({ root }) => [`${root}/../fresh`],
  restore: ({ trashedUid }) => [trashedUid],
  mv: ({ key }) => [key, "b/moved.csv"],
  "migrate-db": () => ["sqlite"],
  bisect: ({ key }) => ["start", key],
  op: () => ["log"],
  cache: ({ key }) => ["clear", key],
  branch: () => ["fresh"],
  merge: () => ["draft"],
  create: () => ["branch", "fresh"],
  update: () => ["branch", "--name", "draft", "--status", "review"],
  // Serving does not end by itself.
  serve: () => ["token", "list"],
  run: () => ["--quiet", "true"],
  clone: ({ root }) => [root, `${root}/../clone`],
  pull: ({ root }) => [`${root}/../lab`],
  push: ({ root }) => [`${root}/../lab`],
  "import-run": ({ root }) => ["snakemake", `${root}/../flow`],
  export: ({ key }) => [key, "--prov"],
  __complete: () => ["reference", ""],
};

/** Verbs that write to the instance beside theirs, or read from it. */
const meetsLab = ["pull", "push"];

/** Words with which a verb ought to succeed in the world. */
export function sampleWords({ name, definition }: LoadedVerb, world: World): readonly string[] {
  const given = samples[name];
  if (given !== undefined) return given(world);
  const words = {
    reference: [world.key],
    path: [`${world.root}/${world.key}`],
    registry: ["artifact"],
    branch: ["main"],
    instance: [world.root],
    setting: ["branch"],
    verb: ["add"],
    shell: ["bash"],
    none: [],
  };
  return words[definition.arguments?.completes ?? "none"];
}

/** A key that would clear the screen, turn the text around and break the line. */
export const hostileKey = "a/\x1b[2J\u202eevil\r\nname\x07.csv";

/**
 * Runs `work` for each verb in a fresh copy of one instance: two versions of a file, one file in
 * the trash, and with `hostile` a key and a description that no verb would have let in.
 */
export async function forEachVerb(
  options: { readonly hostile?: boolean; readonly chosen?: (verb: LoadedVerb) => boolean },
  work: (verb: LoadedVerb, world: World) => Promise<void>,
): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-manners-" }));
  try {
    const trashedUid = await makeInstance(`${base}/template`);
    if (options.hostile) plantHostileNames(`${base}/template/atlas`);
    for (const verb of loadedVerbs) {
      if (options.chosen?.(verb) === false) continue;
      const copy = `${base}/${verb.name}`;
      await new Deno.Command("cp", { args: ["-r", `${base}/template`, copy] }).output();
      const root = `${copy}/atlas`;
      const place = { folder: root, home: `${copy}/home` };
      const names = meetsLab.includes(verb.name) ? ["atlas", "lab"] : ["atlas"];
      const remove = isElsewhere ? await separate(`${base}/template`, copy, names) : undefined;
      if (remove === undefined) await say(place, "connect", root);
      if (verb.name === "finish") await say(place, "track");
      const key = options.hostile ? hostileKey : "a/table.csv";
      await work(verb, { place, root, key, trashedUid });
      await remove?.();
    }
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

/** Gives the uid of what is in its trash. */
async function makeInstance(base: string): Promise<string> {
  const root = `${base}/atlas`;
  Deno.mkdirSync(`${root}/a`, { recursive: true });
  Deno.mkdirSync(`${base}/home`);
  const place = { folder: root, home: `${base}/home` };
  const run = async (...words: string[]) => {
    const said = await say(place, ...words);
    if (said.code !== 0) throw new Error(`lamin ${words.join(" ")}: ${said.stderr}`);
    return said.stdout;
  };
  await run("init");
  noteOutput({ write: (path, text) => writeBelow(base, path, text) }, "flow", "out.txt");
  Deno.mkdirSync(`${base}/lab`);
  await run("init", "../lab");
  Deno.writeTextFileSync(`${root}/a/table.csv`, "x,y\n1,2\n");
  Deno.writeTextFileSync(`${root}/trashed.txt`, "trash\n");
  const [, trashed] = (await run("add", "a/table.csv", "trashed.txt", "--json")).trim().split("\n");
  await run("rm", "trashed.txt");
  await run("branch", "draft");
  Deno.writeTextFileSync(`${root}/a/table.csv`, "x,y\n1,3\n");
  await run("add", "a/table.csv");
  return JSON.parse(trashed!).uid;
}

function writeBelow(base: string, path: string, text: string | Uint8Array): void {
  Deno.mkdirSync(`${base}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
  Deno.writeTextFileSync(`${base}/${path}`, text as string);
}

function plantHostileNames(root: string): void {
  withRaw(root, (database) => {
    const key = "UPDATE lamindb_artifact SET key = ?, description = ? WHERE key = 'a/table.csv'";
    database.run(key, hostileKey, "\x1b]0;title\x07 \x9b31m red");
    const operation = 'UPDATE lamin_operation SET summary = ?, "user" = ?';
    database.run(operation, "\x1b[1mbold", "\x1b[7mme");
    database.run("UPDATE lamindb_user SET name = ?", "\x1b[31mname");
  });
}

/**
 * The words of each command of lamin in a line of a help's examples; undefined where a shell sees
 * none.
 */
export function commandsIn(line: string): string[][] {
  const tokens = [
    ...line.matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|\$\(|[|;&>)]+|(?:[^\s'"|;&>)\\]|\\.)+/g),
  ]
    .map(([token]) => token);
  const commands: string[][] = [];
  let current: string[] | undefined;
  for (const token of tokens) {
    const inner = /^"\$\((.*)\)"$/.exec(token)?.[1];
    if (inner !== undefined) commands.push(...commandsIn(inner));
    if (/^(\$\(|[|;&>)]+)$/.test(token)) current = undefined;
    else if (current === undefined && token === "lamin") commands.push(current = []);
    else if (current === undefined) current = token.startsWith("-") ? undefined : skipped;
    else if (current !== skipped) current.push(token.replace(/^(['"])(.*)\1$/s, "$2"));
  }
  return commands;
}

/** Stands for a command of another program. */
const skipped: string[] = [];

/** The verb and its words of a command line, without `-C PATH`. */
export function verbOf(words: readonly string[]): { name: string; rest: readonly string[] } {
  const [word = "", ...rest] = words[0] === "-C" ? words.slice(2) : words;
  return { name: findVerb(word)?.name ?? word, rest };
}
