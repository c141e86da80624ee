import { folderHashType } from "../identity/hash.ts";
import type { Expectation } from "../fsck/expectation.ts";

/** How closely bytes are looked at: by size, in part, or all of them. */
export type Level = "stat" | "sample" | "full";

/** In words, what was compared of an artifact that was found sound by size. */
export function comparedBySize({ content, row }: Expectation, isSameEtag: boolean): string {
  if (content.kind === "file") {
    const what = row.size === null ? "that it is there" : "size";
    return isSameEtag ? `${what}, ETag` : what;
  }
  const count = content.kind === "folder" ? content.files.length : row.n_files;
  return content.kind === "folder" ? `sizes of ${count} files` : `size of all ${count} files`;
}

/** In words, what was compared of an artifact all of whose bytes were read. */
export function comparedInFull({ content, row }: Expectation): string {
  const isKnown = content.kind === "folder" ||
    (content.kind === "file" ? content.file.sha256 : content.sha256) !== undefined;
  if (isKnown) return "SHA-256 of all bytes";
  if (row.hash === null) return "nothing: no hash was recorded";
  switch (row._hash_type) {
    case "md5":
    case folderHashType:
      return "MD5 of all bytes";
    case "sha1-fl":
      return "SHA-1 of the first and the last 50 MiB";
    case "sha256":
      return "SHA-256 of all bytes";
    default:
      return `size: the recorded hash (${row._hash_type}) is none of bytes`;
  }
}
