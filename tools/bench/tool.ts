import type { Command } from "./meter.ts";
import type { Bucket } from "./servers.ts";

/** Where a tool works in one round. */
export interface Place {
  /** Its work tree: the data lies here, and commands run here. */
  readonly folder: string;
  /** For what it keeps elsewhere; not made yet. */
  readonly store: string;
  /** A bucket of its own, or the one with the data. */
  readonly bucket?: Bucket;
  /** URL of an empty Postgres database for its rows. */
  readonly database?: string;
  /** What its commands have in their environment besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What tools are asked to do. The subject is a path or a key, relative to the folder. */
export type Operation =
  /** Prepares the folder; never measured. */
  | "init"
  /** Makes an instance the one that LaminDB's Python finds; never measured. */
  | "connect"
  | "version"
  /** Tells what differs from what is recorded. */
  | "status"
  /** Stores and records a file or folder, until the version is there. */
  | "add"
  /** Reads all stored bytes and compares their hashes. */
  | "check"
  /** Gives a folder another name; the subject is `from to`. */
  | "move"
  /** Forgets all files below a folder. */
  | "remove"
  /** Forgets a folder for good, so that there is something to collect; never measured. */
  | "discard"
  /** Frees what nothing refers to. */
  | "collect"
  /** Prints the bytes that are stored; never measured. */
  | "read"
  /** Registers the files that a list names, without storing them. */
  | "register"
  /** Makes the bucket of the place known; never measured. */
  | "bucket"
  /** Takes a file or folder into its own store first, where it needs that; never measured. */
  | "hold"
  /** Stores a file or folder in the bucket. */
  | "put"
  /** Forgets what is here of it, so that only the bucket has it; never measured. */
  | "drop"
  /** Fetches it from the bucket. */
  | "get"
  /** Registers the objects below a folder of the bucket where they lie. */
  | "registerBucket"
  /** Registers one object of the bucket where it lies; never measured. */
  | "registerObject"
  /** Moves the rows to the database whose URL is the subject; never measured. */
  | "migrate"
  /** Forgets what was kept on this machine of what servers have; never measured. */
  | "forget"
  /** Prints all bytes of an object. */
  | "cat"
  /** Prints the first rows of a table in the bucket. */
  | "head"
  /** Makes an empty remote and lets the tool know it; never measured. */
  | "remote"
  /** Brings what is recorded to the remote, bytes and all. */
  | "push"
  /** Makes a clone of the remote, bytes and all. */
  | "clone"
  /** Makes a clone of the folder, of its records alone. */
  | "cloneRows"
  | "newest"
  | "show"
  | "prefix"
  | "suffix"
  | "label"
  | "history"
  /** Prints all that an artifact was made from. */
  | "lineage"
  /** Tells where a file came from, by its content. */
  | "why";

/** The commands of an operation, run one after another; the time is all of theirs. */
export type Work = (place: Place, subject: string) => readonly Command[];

/** A program that is measured. */
export interface Tool {
  readonly name: string;
  /** A floor does only a part of the work: it shows what cannot be beaten. */
  readonly kind: "lamin" | "floor" | "peer";
  readonly work: Readonly<Partial<Record<Operation, Work>>>;
  /** Names of scenes and of courses that it is measured in; all that it has the operations for. */
  readonly scenes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it does other work than the scene asks, by the names of scenes and of courses. */
  readonly remarks?: Readonly<Record<string, string>>;
}

/** A tool, or why there is none. */
export type Found = Tool | { readonly name: string; readonly missing: string };

/** A command from the words of a line, in which no word has a space. */
export function command(program: string, line: string, ...more: readonly string[]): Command {
  return { program, args: [...line.split(" ").filter(Boolean), ...more] };
}

/** Whether a tool takes part in a scene `course/name` that asks for an operation. */
export function takesPart(tool: Tool, scene: string, operation: Operation): boolean {
  if (tool.work[operation] === undefined) return false;
  return tool.scenes === undefined || tool.scenes.some((one) => names(one, scene));
}

/** Whether a name means a scene: its own, or that of its course. */
export function names(name: string, scene: string): boolean {
  return name === scene || scene.startsWith(`${name}/`);
}
