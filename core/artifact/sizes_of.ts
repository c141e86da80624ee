import type { BlobStore } from "../../store/objects/blob_store.ts";
import { dirname } from "../../store/path.ts";
import { liesHere } from "./lies_here.ts";
import { objectsFolder } from "./storage_key.ts";

/** From so many names in a folder on it is listed: a server tells of a thousand blobs at once. */
const listedMin = 32;
/** How many blobs may be listed for each name of interest; then asking for each costs less. */
const listedPerName = 16;

/**
 * Sizes of the blobs of a store that are there. Of a server they are asked with few requests: where
 * many lie together their folder is listed, as long as little else lies in it.
 */
export async function sizesOf(
  blobs: BlobStore,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length < listedMin || liesHere(blobs)) return await blobs.sizes(names);
  const sizes = new Map<string, number>();
  const single: string[] = [];
  for (const [folder, own] of Map.groupBy(names, folderOf)) {
    const listed = await listedSizes(blobs, folder, own);
    if (listed === undefined) single.push(...own);
    else for (const entry of listed) sizes.set(...entry);
  }
  for (const entry of await blobs.sizes(single)) sizes.set(...entry);
  return sizes;
}

/** Objects lie in 256 folders, of which each would have few of them. */
function folderOf(name: string): string {
  return name.startsWith(`${objectsFolder}/`) ? objectsFolder : dirname(name);
}

/** Undefined where listing the folder would take longer. */
async function listedSizes(
  blobs: BlobStore,
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number> | undefined> {
  if (names.length < listedMin || folder === ".") return undefined;
  const wanted = new Set(names);
  const sizes = new Map<string, number>();
  let count = 0;
  for await (const { name, size } of blobs.list(`${folder}/`)) {
    if (wanted.has(name)) sizes.set(name, size);
    if (++count > listedPerName * names.length) return undefined;
  }
  return sizes;
}
