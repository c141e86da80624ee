import { base64url22 } from "../identity/hash.ts";
import type { FileContent } from "../work_tree/file_contents.ts";
import type { TrackedArtifact } from "./tracked.ts";

/**
 * Whether a file of the recorded size has the content of an artifact, as far as that can be told:
 * where nothing of ours has hashed the artifact, LaminDB's hash decides if it is of a kind that can
 * be computed from a file (COMPAT §4.1); hashes of other kinds, such as ETags, are not held against
 * it.
 */
export function matchesFile(
  artifact: Pick<TrackedArtifact, "sha256" | "hash" | "hashType">,
  content: FileContent,
): boolean {
  if (artifact.sha256 !== null) return artifact.sha256 === content.sha256;
  switch (artifact.hashType) {
    case "md5":
    case "sha1-fl":
      return artifact.hash === content.hash;
    case "sha256":
      return artifact.hash === base64url22(Uint8Array.fromHex(content.sha256));
    default:
      return true;
  }
}
