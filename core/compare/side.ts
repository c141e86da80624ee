import type { Source } from "../format/format.ts";
import type { ManifestFile } from "../identity/manifest.ts";

/** One of the two contents of a comparison; nothing is read before it is asked for. */
export type Side = FileSide | FolderSide | OtherSide;

/** What stands where a file or folder was recorded and is neither: a link, or a device or pipe. */
export interface OtherSide {
  readonly kind: "link" | "special";
  readonly size: 0;
}

export interface FileSide {
  readonly kind: "file";
  readonly size: number;
  /**
   * SHA-256 of the content: as it was recorded, or as the file has it now; undefined where unknown.
   */
  sha256(): Promise<string | undefined>;
  /** The content, checked where it comes from the store. Throws code "damaged". */
  source(): Promise<Source>;
}

export interface FolderSide {
  readonly kind: "folder";
  /** Of all files together. */
  readonly size: number;
  /** In the order of their paths. */
  files(): Promise<readonly ManifestFile[]>;
  /** The content of one of them, checked where it comes from the store. Throws code "damaged". */
  source(path: string): Promise<Source>;
}
