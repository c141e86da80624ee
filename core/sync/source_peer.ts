import type { ContentSource } from "./contents/source.ts";
import type { TableLedger } from "./ledger/ledger.ts";
import type { Selection } from "./plan/sync_plan.ts";
import type { RowSource } from "./rows/row_source.ts";
import type { Identities } from "./rows/identities.ts";
import type { SeenState } from "./seen_state.ts";
import type { FoundTables } from "./unknown/found_tables.ts";

/** Which artifacts are meant: conditions as `list` takes them, and a branch. */
export interface Choice {
  readonly conditions: readonly string[];
  /** Name of the only branch; undefined for all. */
  readonly branch: string | undefined;
}

/** One state of an instance that rows come from. */
export interface SourceState {
  readonly rows: RowSource;
  /** Identities of its rows by their ids, where they are at hand. */
  readonly identities?: Identities;
  /** What tells whether another state is the same one; undefined where nothing does. */
  readonly seen?: SeenState;
  /**
   * What the source noted of a table's rows; undefined where it keeps no notes and the target has
   * to.
   */
  readonly ledger: ((table: string) => Promise<TableLedger>) | undefined;
  /**
   * What was noted at the source once, where nothing is noted any more as it is only read: the
   * target's own notes of it are completed by them.
   */
  readonly notes?: ((table: string) => Promise<TableLedger>) | undefined;
  /**
   * Lets what is needed soon come while nobody waits for the target: rows, and the versions of
   * families, each given by its lowest id.
   */
  readonly prefetch?: (
    table: string,
    ids: readonly number[],
    families: readonly number[],
  ) => Promise<void>;
  /** Tables that no registry defines; undefined where the source cannot tell. */
  readonly unknown?: FoundTables | undefined;
  /** The rows that a choice of artifacts means, with all that they need. */
  select(choice: Choice): Promise<Selection>;
  /** Those of some artifacts, by uid, that are the latest versions. */
  latestAmong(uids: readonly string[]): Promise<string[]>;
}

/** An instance that rows and bytes come from: open in this process, or behind a server. */
export interface SourcePeer {
  /** Uid of the instance. */
  readonly uid: string;
  readonly slug: string;
  readonly contents: ContentSource;
  /** The file of its rows, where the target may read that itself. See `Database.fixedFile`. */
  readonly fixedFile?: string | undefined;
  /** Lets it note what its rows are now, where it keeps such notes. */
  note(): Promise<void>;
  /** Runs `work` on one state of it. */
  read<T>(work: (state: SourceState) => Promise<T>): Promise<T>;
}
