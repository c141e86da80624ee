import type { ManifestFile } from "../../identity/manifest.ts";
import type { SourceContent } from "./source.ts";

/** A content that the target has, for the rows that are to speak of it. */
export interface StoredContent {
  readonly uid: string;
  /** What to call the artifact in a sentence. */
  readonly name: string;
  /** The name of the object. */
  readonly object: string;
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** LaminDB's hash of the artifact at the source: where the row here has another, it is not it. */
  readonly hash: string | null;
  /** Files of a folder; undefined for a file. */
  readonly manifest: readonly ManifestFile[] | undefined;
}

/** A content whose files and their hashes are known. */
export function storedContent(
  { uid, name, hash, isFolder }: SourceContent,
  object: string,
  sha256: string,
  files: readonly ManifestFile[],
): StoredContent {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { uid, name, object, sha256, size, hash, manifest: isFolder ? files : undefined };
}
