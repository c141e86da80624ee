import type { BlobEntry, BlobReader } from "./blob_store.ts";

/** A blob as it is now, with the server's name for this version of it. */
export interface VersionEntry extends BlobEntry {
  readonly etag: string;
}

/**
 * Blobs that are replaced, each time only by one who saw the version that is there. Names are
 * storage keys, as in a `BlobStore`.
 */
export interface VersionedBlobs {
  /** Which version is there; undefined when nothing is. */
  look(name: string): Promise<VersionEntry | undefined>;
  /** All of a small blob; undefined when nothing is there. */
  readVersion(
    name: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
  /** The blob as of one version. Reading throws code "conflict" once another one is there. */
  openVersion(name: string, etag: string): Promise<BlobReader>;
  /**
   * Makes sure that the server keeps the conditions of `replace` and does not pass over them; asks
   * it several times, beside a name. Throws code "failed" where it does not.
   */
  requireConditions(name: string): Promise<void>;
  /**
   * Puts bytes, or a local file, in the place of the version `expected`; null stands for nothing.
   * Gives the etag of the new version, undefined when another one than expected is there.
   */
  replace(
    name: string,
    content: Uint8Array | { readonly path: string },
    expected: string | null,
  ): Promise<string | undefined>;
}
