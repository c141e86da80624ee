import type { Bench } from "./workbench.ts";
import type { Limit } from "./limit.ts";
import type { ServerName } from "./servers.ts";
import type { Operation, Place, Tool } from "./tool.ts";

/** One kind of work that is measured. */
export interface Scene {
  /** `course/name`. */
  readonly name: string;
  /** What is done, in a line. */
  readonly title: string;
  readonly operation: Operation;
  readonly subject?: string | ((bench: Bench) => string);
  /** What must be reached by lamin. */
  readonly limits?: readonly Limit[];
  /** Things done, for a rate. */
  readonly count?: number;
  /** How many lines lamin has to print at least, so that an empty answer is no fast one. */
  readonly lines?: number;
  /** Done before, unmeasured. */
  readonly before?: (bench: Bench, tool: Tool, place: Place) => Promise<void>;
  /** A file, relative to the folder, that must be given back as it was stored. */
  readonly readBack?: string;
  /** Whether it did its work, asked after the first time. @throws Failure when not. */
  readonly check?: (bench: Bench, tool: Tool, place: Place) => Promise<void>;
}

/** Scenes that follow one another in one folder. */
export interface Course {
  readonly name: string;
  readonly scenes: readonly Scene[];
  /** How often it is measured unless somebody says. */
  readonly rounds: number;
  /**
   * Whether scenes leave the folder as it was: then one folder serves all rounds, and the first
   * round only warms up.
   */
  readonly lasting: boolean;
  /**
   * Whether all peers take part, or only what every computer has: the work is too long for some.
   */
  readonly peers: boolean;
  /** A server without which nothing of it is measured. */
  readonly server?: ServerName;
  /** Why a tool is left out, when it is. */
  readonly leavesOut?: (bench: Bench, tool: Tool) => Promise<string | undefined>;
  /** Counts bytes that a server sent, from some moment on. */
  readonly received?: () => number;
  /** Makes the data; what is there already stays. */
  prepare(bench: Bench): Promise<void>;
  /** Makes a tool ready, with data, in an empty place; gives where it then works. */
  furnish(bench: Bench, tool: Tool, place: Place): Promise<Place>;
}
