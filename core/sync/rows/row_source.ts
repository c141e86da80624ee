import type { Dialect, SqlValue } from "../../../store/database/database.ts";
import type { ManifestFile } from "../../identity/manifest.ts";

/** A row as far as it takes to see whether another one is the same. */
export interface RowState {
  /** The id that it has in its own instance. */
  readonly id: number;
  /** The same wherever the row is. */
  readonly identity: string;
  /** The same as long as the row means the same. */
  readonly digest: string;
}

/** A row on its way to another instance. */
export interface PortableRow extends RowState {
  /** Values as the engine of the source gives them, but those that point to rows. */
  readonly values: Readonly<Record<string, SqlValue>>;
  /** Identities of the rows that it points to. */
  readonly references: Readonly<Record<string, string | null>>;
}

/** Which bytes an artifact has, as far as its instance knows. */
export interface PortableContent {
  /** Identity of the artifact. */
  readonly identity: string;
  readonly sha256: string;
  readonly isFolder: boolean;
  /** The files of a folder. */
  readonly files: readonly ManifestFile[];
}

/** One version of a family. */
export interface VersionState {
  readonly id: number;
  readonly identity: string;
  readonly uid: string;
  /** Identity of its branch. */
  readonly branch: string;
  readonly isLatest: boolean;
  readonly createdAt: string;
}

/** Where rows come from in a sync: one state of an instance. */
export interface RowSource {
  readonly engine: Dialect["name"];
  /** The tables that have rows: most have none. */
  filled(): Promise<ReadonlySet<string>>;
  /** Rows of a table in the order of their ids, some at a time. */
  states(table: string): AsyncIterable<readonly RowState[]>;
  /**
   * What tells which versions are the latest, of each family with several versions; the id is the
   * lowest of the family. Some at a time, too.
   */
  families(table: string): AsyncIterable<readonly RowState[]>;
  /** The versions of families, each given by its lowest id. */
  versions(table: string, ids: readonly number[]): Promise<ReadonlyMap<number, VersionState[]>>;
  /** Rows with these ids, in the order of their ids. */
  rows(table: string, ids: readonly number[]): AsyncIterable<PortableRow>;
  /** Uids of rows with these ids. */
  uids(table: string, ids: readonly number[]): Promise<string[]>;
  /** What is known of the bytes of artifacts with these ids. */
  contents(ids: readonly number[]): AsyncIterable<PortableContent>;
  /** Identities of the storages that the instance writes to. */
  managedStorages(): Promise<ReadonlySet<string>>;
}
