import type { ContentCache } from "../../store/cache/content_cache.ts";
import type { CacheUse } from "../../store/cache/cache_files.ts";
import { contentFiles } from "../artifact/content_files.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { storageKeyOf } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { resolveArtifact } from "../reference/resolve.ts";
import { cacheKeyOf } from "./cache_key.ts";

/** Removes everything; gives what there was. */
export function clearCache(cache: ContentCache): CacheUse[] {
  const uses = cache.uses();
  for (const { key } of uses) cache.remove(key);
  return uses;
}

/**
 * Removes the contents of some artifacts; gives those that were there. Throws code "not_found" or
 * "ambiguous" for a reference.
 */
export async function clearArtifacts(
  instance: Instance,
  cache: ContentCache,
  references: readonly string[],
): Promise<CacheUse[]> {
  const keys = new Set<string>();
  for (const reference of references) {
    for (const key of await keysOf(instance, reference)) keys.add(key);
  }
  const removed = cache.uses().filter(({ key }) => keys.has(key));
  for (const { key } of removed) cache.remove(key);
  return removed;
}

async function keysOf(instance: Instance, reference: string): Promise<string[]> {
  const row = await instance.database.read((reader) =>
    resolveArtifact(instance, reader, reference)
  );
  const blobs = instance.blobsOf(row.storage_id);
  // What lies here was never cached, and may be a folder that is gone.
  if (liesHere(blobs) && !storageKeyOf(row).startsWith(".lamindb/")) return [];
  const hashing = await instance.host.hashing();
  const { root } = instance.storages.get(row.storage_id)!;
  const files = await contentFiles(instance, row);
  return files.flatMap((file) => cacheKeyOf(hashing, root, file) ?? []);
}
