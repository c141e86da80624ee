import type { Atlas } from "../cli/atlas.ts";

/** A command that may die, and what it works on. */
export interface Scenario {
  readonly name: string;
  /** The command line; one that depends on what was made ready is asked for then. */
  readonly words: readonly string[] | ((atlas: Atlas) => Promise<readonly string[]>);
  /** Standard input. */
  readonly input?: string;
  /** Makes ready what the command works on; without it there is no instance yet. */
  readonly prepare?: (atlas: Atlas) => Promise<void>;
  /**
   * What saying it again is when its rows are there: "same" if that is fine and changes nothing,
   * "either" if it depends on whether anything is missing still.
   */
  readonly again: "same" | "refused" | "either";
  /** Looks at what is no row and no file of the work tree, when it was said again. */
  readonly check?: (atlas: Atlas) => void;
  /** Whether old names of files may stay, when it dies after its rows were changed. */
  readonly keepsOldNames?: boolean;
  /** What has to be said besides for nothing to be left over, that harms nobody. */
  readonly tidy?: readonly string[];
  /** Whether bytes come for rows that are there: some, whole, may be there when it dies. */
  readonly bringsBytes?: boolean;
  /** Whether bytes are damaged before, so that fsck has something to say until they are mended. */
  readonly isDamaged?: boolean;
}
