import type { Hashing } from "../../store/host/host.ts";
import type { ContentFile } from "../artifact/content_files.ts";
import { hex } from "../identity/hex.ts";

/**
 * Under which key the cache has a file of an artifact: the SHA-256 of its content where it is
 * known, so that all places of one content share it, else one made of its place and what LaminDB
 * recorded of it. Undefined where nothing tells one content of the place from the next.
 */
export function cacheKeyOf(hashing: Hashing, root: string, file: ContentFile): string | undefined {
  if (file.sha256 !== undefined) return file.sha256;
  if (file.hash === undefined) return undefined;
  const identity = JSON.stringify([root, file.name, file.size, file.hashType ?? null, file.hash]);
  return `${hex(hashing.digest("sha256", new TextEncoder().encode(identity)))}-named`;
}
