import type { LaminError } from "../../../store/errors.ts";
import type { ContentHash } from "../../identity/content_hasher.ts";

/** One file of an artifact at its source. */
export interface SourceFile {
  /** Below the folder; empty for an artifact that is a file. */
  readonly path: string;
  /** In bytes; null where nobody noted it. */
  readonly size: number | null;
  /** Undefined where only Python wrote it and nobody hashed it since. */
  readonly sha256: string | undefined;
}

/** What a source says of the content of an artifact. */
export interface SourceContent {
  readonly uid: string;
  /** What to call it in a sentence. */
  readonly name: string;
  readonly suffix: string;
  readonly isFolder: boolean;
  /**
   * True where it lies in a storage that the source does not manage, and everybody reads it there:
   * its files are told only when they were asked for.
   */
  readonly isElsewhere?: true;
  /** Of the bytes, or of the manifest; undefined where it is not known yet. */
  readonly sha256: string | undefined;
  /** LaminDB's hash and its type. */
  readonly hash: string | null;
  readonly hashType: string | null;
  /** In bytes; null where nobody noted it. */
  readonly size: number | null;
  readonly files: readonly SourceFile[];
}

/** Where the bytes of artifacts come from: another instance, here or behind a server. */
export interface ContentSource {
  /**
   * The contents of artifacts by uid; in the place of one whose bytes are not to be had, why. Uids
   * of no artifact are left out. Storages of others are asked only for `evenElsewhere`.
   */
  describe(
    uids: readonly string[],
    evenElsewhere?: boolean,
  ): Promise<ReadonlyMap<string, SourceContent | LaminError>>;
  /**
   * The bytes of a file, checked on the way: the last piece comes only when all were right. Throws
   * code "damaged" where they are not; "not_found", "conflict" or "not_fetched" where they are
   * gone.
   */
  open(uid: string, path: string): AsyncGenerator<Uint8Array, ContentHash>;
  /**
   * The path of a file on this machine, for the system to copy it; nothing is checked. Undefined
   * where it lies elsewhere or may not be read that way.
   */
  locate(uid: string, path: string): string | undefined;
}
