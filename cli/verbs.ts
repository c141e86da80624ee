import type { Verb } from "./verb.ts";

/** A verb in the table: what it does in a line, other names, and how to load it. */
export interface VerbEntry {
  readonly summary: string;
  readonly group: "start" | "work" | "history" | "care" | "settings";
  readonly aliases?: readonly string[];
  readonly load: () => Promise<{ default: Verb }>;
}

/** Every verb; only the one that runs is loaded. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  init: {
    summary: "Make an instance in a folder",
    group: "start",
    load: () => import("./verb/init.ts"),
  },
  add: {
    summary: "Add files and folders as artifacts",
    group: "work",
    aliases: ["save"],
    load: () => import("./verb/add.ts"),
  },
  list: {
    summary: "List the records of a registry that meet conditions",
    group: "history",
    aliases: ["ls"],
    load: () => import("./verb/list.ts"),
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
};

/** The entry and canonical name behind a word, or undefined. */
export function findVerb(word: string): { name: string; entry: VerbEntry } | undefined {
  for (const [name, entry] of Object.entries(verbs)) {
    if (name === word || entry.aliases?.includes(word)) return { name, entry };
  }
  return undefined;
}
