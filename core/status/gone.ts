import type { FileContent } from "../work_tree/file_contents.ts";
import type { StatusEntry } from "./entry.ts";
import type { TrackedArtifact } from "./tracked.ts";

/**
 * Files that are gone from their path, found by content, each once. Empty files are all alike and
 * where no hash can be compared the size is not enough: neither counts.
 */
export class GoneFiles {
  readonly #sizes = new Map<number, number>();
  readonly #byContent = new Map<string, TrackedArtifact[]>();

  constructor(entries: readonly StatusEntry[]) {
    // From the last to the first, since each list is taken from its end.
    for (const { artifact } of entries.toReversed()) {
      if (artifact === undefined || artifact.fileCount !== null || !artifact.size) continue;
      const content = contentName(artifact);
      if (content === undefined) continue;
      this.#sizes.set(artifact.size, (this.#sizes.get(artifact.size) ?? 0) + 1);
      const same = this.#byContent.get(content);
      if (same === undefined) this.#byContent.set(content, [artifact]);
      else same.push(artifact);
    }
  }

  /** Whether a file of this size could be one of them. */
  hasSize(size: number): boolean {
    return (this.#sizes.get(size) ?? 0) > 0;
  }

  /** Takes one with this content out. */
  take(content: FileContent): TrackedArtifact | undefined {
    const artifact = this.#byContent.get(content.sha256)?.pop() ??
      this.#byContent.get(`${content.hashType}:${content.hash}`)?.pop();
    if (artifact === undefined) return undefined;
    this.#sizes.set(artifact.size!, this.#sizes.get(artifact.size!)! - 1);
    return artifact;
  }
}

function contentName({ sha256, hash, hashType }: TrackedArtifact): string | undefined {
  if (sha256 !== null) return sha256;
  return hashType === "md5" || hashType === "sha1-fl" ? `${hashType}:${hash}` : undefined;
}
