import type { Command } from "./meter.ts";

/** Where a tool works in one round. */
export interface Place {
  /** Its work tree: the data lies here, and commands run here. */
  readonly folder: string;
  /** For what it keeps elsewhere; not made yet. */
  readonly store: string;
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
  | "newest"
  | "show"
  | "prefix"
  | "suffix"
  | "label"
  | "history";

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
