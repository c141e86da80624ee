import type { Verb } from "./verb.ts";

/** A verb in the table: what it does in a line, other names, and how to load it. */
export interface VerbEntry {
  readonly summary: string;
  readonly group: "start" | "work" | "history" | "care" | "settings";
  readonly aliases?: readonly string[];
  /** For programs, or another spelling of a verb: no help or suggestion names it. */
  readonly hidden?: true;
  readonly load: () => Promise<{ default: Verb }>;
}

/** Every verb; only the one that runs is loaded. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  init: {
    summary: "Make an instance in a folder",
    group: "start",
    load: () => import("./verb/init.ts"),
  },
  clone: {
    summary: "Make an instance that has what another one has",
    group: "start",
    load: () => import("./verb/clone.ts"),
  },
  add: {
    summary: "Add files and folders as artifacts",
    group: "work",
    load: () => import("./verb/add.ts"),
  },
  "import-run": {
    summary: "Record what a workflow manager did: Snakemake, Nextflow, redun",
    group: "work",
    load: () => import("./verb/import_run.ts"),
  },
  save: {
    summary: "Save scripts and notebooks as transforms, all else as artifacts",
    group: "work",
    load: () => import("./verb/save.ts"),
  },
  rerun: {
    summary: "Do a run again elsewhere, and compare what comes out",
    group: "work",
    load: () => import("./verb/rerun.ts"),
  },
  status: {
    summary: "Compare the work tree with what is recorded",
    group: "work",
    load: () => import("./verb/status.ts"),
  },
  get: {
    summary: "Fetch artifacts into the work tree or elsewhere",
    group: "work",
    aliases: ["load"],
    load: () => import("./verb/get.ts"),
  },
  fetch: {
    summary: "Bring bytes that another instance has still",
    group: "work",
    load: () => import("./verb/fetch.ts"),
  },
  materialize: {
    summary: "Bring bytes home that are read elsewhere",
    group: "work",
    load: () => import("./verb/materialize.ts"),
  },
  cat: {
    summary: "Print the bytes of artifacts",
    group: "work",
    load: () => import("./verb/cat.ts"),
  },
  head: {
    summary: "Show the first rows of a table or lines of a text",
    group: "work",
    load: () => import("./verb/head.ts"),
  },
  run: {
    summary: "Run a command and record what it read and made",
    group: "work",
    load: () => import("./verb/run.ts"),
  },
  track: {
    summary: "Record from here on what a shell script does",
    group: "work",
    load: () => import("./verb/track.ts"),
  },
  finish: {
    summary: "End the run that 'track' began",
    group: "work",
    load: () => import("./verb/finish.ts"),
  },
  mv: {
    summary: "Give artifacts another key",
    group: "work",
    load: () => import("./verb/mv.ts"),
  },
  rm: {
    summary: "Move artifacts or other records to the trash",
    group: "work",
    aliases: ["delete"],
    load: () => import("./verb/rm.ts"),
  },
  restore: {
    summary: "Bring back what is in the trash",
    group: "work",
    load: () => import("./verb/restore.ts"),
  },
  pull: {
    summary: "Bring what another instance has here",
    group: "work",
    load: () => import("./verb/pull.ts"),
  },
  push: {
    summary: "Bring what is here to another instance",
    group: "work",
    load: () => import("./verb/push.ts"),
  },
  branch: {
    summary: "List branches, make one, change one",
    group: "history",
    load: () => import("./verb/branch.ts"),
  },
  switch: {
    summary: "Work on another branch",
    group: "history",
    load: () => import("./verb/switch.ts"),
  },
  merge: {
    summary: "Take over what is on another branch",
    group: "history",
    load: () => import("./verb/merge.ts"),
  },
  log: {
    summary: "Show what happened, to everything or to an artifact",
    group: "history",
    load: () => import("./verb/log.ts"),
  },
  op: {
    summary: "List operations and what they changed",
    group: "history",
    load: () => import("./verb/op.ts"),
  },
  undo: {
    summary: "Undo an operation",
    group: "history",
    load: () => import("./verb/undo.ts"),
  },
  show: {
    summary: "Describe an artifact or any other record",
    group: "history",
    aliases: ["describe"],
    load: () => import("./verb/show.ts"),
  },
  lineage: {
    summary: "Show what an artifact was made from, and what was made from it",
    group: "history",
    load: () => import("./verb/lineage.ts"),
  },
  export: {
    summary: "Write where an artifact came from in a format of others",
    group: "history",
    load: () => import("./verb/export.ts"),
  },
  why: {
    summary: "Tell where a file came from, found by its content",
    group: "history",
    load: () => import("./verb/why.ts"),
  },
  bisect: {
    summary: "Find the first bad version of an artifact",
    group: "history",
    load: () => import("./verb/bisect.ts"),
  },
  list: {
    summary: "List the records of a registry that meet conditions",
    group: "history",
    aliases: ["ls"],
    load: () => import("./verb/list.ts"),
  },
  gc: {
    summary: "Show or delete stored bytes that no artifact has",
    group: "care",
    load: () => import("./verb/gc.ts"),
  },
  fsck: {
    summary: "Find and mend missing and damaged bytes and rows",
    group: "care",
    load: () => import("./verb/fsck.ts"),
  },
  verify: {
    summary: "Look at bytes that lie where this instance does not manage them",
    group: "care",
    load: () => import("./verb/verify.ts"),
  },
  cache: {
    summary: "Show or remove what is kept here of contents on servers",
    group: "care",
    load: () => import("./verb/cache.ts"),
  },
  "migrate-db": {
    summary: "Move the rows to another database, SQLite or Postgres",
    group: "settings",
    load: () => import("./verb/migrate_db.ts"),
  },
  connect: {
    summary: "Make an instance current, or show which one is",
    group: "start",
    load: () => import("./verb/connect.ts"),
  },
  disconnect: {
    summary: "Take back 'connect'",
    group: "start",
    load: () => import("./verb/disconnect.ts"),
  },
  info: {
    summary: "Show where the instance lies and what it holds",
    group: "settings",
    load: () => import("./verb/info.ts"),
  },
  config: {
    summary: "Show and set settings",
    group: "settings",
    aliases: ["settings"],
    load: () => import("./verb/config.ts"),
  },
  storage: {
    summary: "List the places that hold bytes, make one known, choose one",
    group: "settings",
    load: () => import("./verb/storage.ts"),
  },
  remote: {
    summary: "List other instances by name, make one known, forget one",
    group: "settings",
    load: () => import("./verb/remote.ts"),
  },
  serve: {
    summary: "Let others clone, pull from and push to the instance",
    group: "settings",
    load: () => import("./verb/serve.ts"),
  },
  diff: {
    summary: "Show what differs: rows, cells, lines, files",
    group: "history",
    load: () => import("./verb/diff.ts"),
  },
  completions: {
    summary: "Print what makes a shell complete the words of lamin",
    group: "settings",
    load: () => import("./verb/completions.ts"),
  },
  create: {
    summary: "Make a branch, in the words of Python's lamin",
    group: "history",
    hidden: true,
    load: () => import("./verb/create.ts"),
  },
  update: {
    summary: "Change a branch, in the words of Python's lamin",
    group: "history",
    hidden: true,
    load: () => import("./verb/update.ts"),
  },
  __complete: {
    summary: "Print the names that can stand in a place",
    group: "settings",
    hidden: true,
    load: () => import("./verb/complete.ts"),
  },
};

/** The entry and canonical name behind a word, or undefined. */
export function findVerb(word: string): { name: string; entry: VerbEntry } | undefined {
  for (const [name, entry] of Object.entries(verbs)) {
    if (name === word || entry.aliases?.includes(word)) return { name, entry };
  }
  return undefined;
}
