import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { LoggedOperation } from "../operation/log.ts";

/** What happened to an artifact. */
export type ArtifactEvent =
  | "added"
  | "new version"
  | "trashed"
  | "restored"
  | "renamed"
  | "changed"
  | "deleted";

/** An artifact that an entry names. */
export interface NamedArtifact {
  readonly event: ArtifactEvent;
  readonly row: Pick<
    ArtifactRow,
    "uid" | "key" | "description" | "size" | "version_tag" | "branch_id" | "created_on_id"
  >;
  /** The key before it was renamed. */
  readonly formerKey?: string | null;
}

/** A run as an entry shows it. */
export interface LoggedRun {
  readonly id: number;
  readonly uid: string;
  readonly name: string | null;
  readonly started_at: string;
  readonly created_at: string;
  /** Handle of who ran it. */
  readonly author: string;
  readonly transform: {
    readonly uid: string;
    readonly key: string;
    readonly version_tag: string | null;
  };
}

/**
 * What wrote the artifacts of an entry: a command of ours, a run of Python, or Python without one.
 */
export type EntrySource =
  | { readonly kind: "operation"; readonly operation: LoggedOperation }
  | { readonly kind: "run"; readonly run: LoggedRun }
  | { readonly kind: "python" };

/** One entry of the history of an instance or a folder. */
export interface LogEntry {
  readonly source: EntrySource;
  /** When, as the database has times. */
  readonly at: string;
  /** Handle. */
  readonly author: string;
  /** The first few artifacts. */
  readonly artifacts: readonly NamedArtifact[];
  /** How many there are; `countMax` stands for that many or more. */
  readonly count: number;
}

/** Artifacts of one entry are counted up to this. */
export const countMax = 10_000;
/** How many artifacts an entry names. */
export const namedMax = 5;

/** Which entries to give; times as the database has them. */
export interface LogFilter {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Handle. */
  readonly author?: string | undefined;
  readonly limit: number;
  /** Branches whose artifacts are shown; undefined for all. */
  readonly branches?: readonly number[] | undefined;
}

/** An entry whose artifacts are not loaded yet. */
export interface Draft extends Omit<LogEntry, "artifacts"> {
  readonly samples: readonly Sample[];
}

/**
 * An artifact that an entry is to name: its row, and how it was before and after, if it was there.
 */
export interface Sample {
  readonly id: number;
  readonly before: string | null;
  readonly after: string | null;
}

/** Newest first; of the same time, what came later in the list last. */
export function newestFirst<T extends { readonly at: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => a.at === b.at ? 0 : a.at > b.at ? -1 : 1);
}
