import { cacheKeyOf } from "../cache/cache_key.ts";
import { openCache } from "../cache/open_cache.ts";
import { hashOfEtag } from "../identity/cloud_hash.ts";
import type { Instance } from "../instance/instance.ts";
import { schemeOf } from "../instance/remote_root.ts";
import { type ContentFile, nameOf } from "./content_files.ts";
import { damaged, type OpenContent } from "./open_content.ts";
import { readAhead } from "./read_ahead.ts";
import type { ArtifactRow } from "./storage_key.ts";

/**
 * Opens a file of an artifact whose bytes lie on a server: out of the cache where it has them,
 * which needs no network, else there. What is read whole and found right stays in the cache.
 */
export async function openElsewhere(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<OpenContent> {
  const { root } = instance.storages.get(row.storage_id)!;
  const cache = openCache(instance.host);
  const key = cacheKeyOf(await instance.host.hashing(), root, file);
  const cached = key === undefined ? undefined : cache.open(key);
  if (cached !== undefined) {
    return { reader: cached, pieces: readAhead(cached), foundWrong: () => cache.remove(key!) };
  }
  const blobs = instance.blobsOf(row.storage_id);
  await requireSameEtag(instance, row, file);
  const reader = await blobs.open(file.name);
  const keeping = key === undefined ? undefined : cache.begin(key, reader.size, nameIn(row, file));
  return { reader, pieces: readAhead(reader), ...(keeping === undefined ? {} : { keeping }) };
}

function nameIn(row: ArtifactRow, { path }: ContentFile): string {
  return path === "" ? nameOf(row) : `${nameOf(row)}/${path}`;
}

/** Hashes that say nothing of the bytes at least say that the server has the same ones as then. */
const ofEtagAlone = /^md5-(?:etag|[0-9]+)$/;

/** Throws code "damaged" for a blob that was replaced since it was registered. */
async function requireSameEtag(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<void> {
  const { sha256, hash, hashType } = file;
  if (sha256 !== undefined || !ofEtagAlone.test(hashType ?? "")) return;
  const entry = await instance.blobsOf(row.storage_id).entry(file.name);
  if (entry?.etag === undefined) return;
  const scheme = schemeOf(instance.storages.get(row.storage_id)!.root);
  const now = hashOfEtag(await instance.host.hashing(), scheme, entry.etag);
  if (now.hashType === hashType && now.hash !== hash) {
    throw damaged(row, file, "it was replaced since it was registered");
  }
}

/** Whether the cache has a file of an artifact that lies on a server. */
export async function isCached(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<boolean> {
  const { root } = instance.storages.get(row.storage_id)!;
  const key = cacheKeyOf(await instance.host.hashing(), root, file);
  return key !== undefined && openCache(instance.host).has(key);
}
