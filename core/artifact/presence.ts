import { LaminError } from "../../store/errors.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import type { Instance } from "../instance/instance.ts";
import { liesHere } from "./lies_here.ts";
import { sizesOf } from "./sizes_of.ts";

/** Where bytes should lie. */
export interface BytesPlace {
  readonly storageId: number;
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * What is at a place: the size of a file, or that there is a folder; null for nothing, undefined
 * where the storage is none that may be asked.
 */
export type Presence = number | "folder" | null | undefined;

/** What is at places, in their order; of a server all are asked together. */
export async function presenceOf(
  instance: Instance,
  places: readonly BytesPlace[],
): Promise<Presence[]> {
  const found: Presence[] = new Array(places.length);
  const byStorage = Map.groupBy(places.keys(), (index) => places[index]!.storageId);
  for (const [storageId, indexes] of byStorage) {
    const blobs = storeOrUndefined(instance, storageId);
    if (blobs === undefined) continue;
    const own = indexes.map((index) => places[index]!);
    const presence = liesHere(blobs)
      ? own.map(({ name }) => presenceHere(instance, blobs, name))
      : await presenceElsewhere(blobs, own);
    indexes.forEach((index, position) => found[index] = presence[position]);
  }
  return found;
}

/** Undefined for a storage on a server that the user never named, and for one that is not known. */
export function storeOrUndefined(instance: Instance, storageId: number): BlobStore | undefined {
  try {
    return instance.blobsOf(storageId);
  } catch (error) {
    if (error instanceof LaminError && error.code === "denied") return undefined;
    throw error;
  }
}

function presenceHere({ host }: Instance, blobs: BlobStore, name: string): Presence {
  try {
    const stat = host.files.stat(blobs.locate(name)!);
    return stat === null ? null : stat.kind === "file" ? stat.size : "folder";
  } catch (error) {
    if (error instanceof LaminError && error.code === "denied") return null; // no place in it
    throw error;
  }
}

async function presenceElsewhere(
  blobs: BlobStore,
  places: readonly BytesPlace[],
): Promise<Presence[]> {
  const files = places.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  const sizes = await sizesOf(blobs, files);
  return await concurrently(places, requestsAtOnce, async ({ name, isFolder }) => {
    if (!isFolder) return sizes.get(name) ?? null;
    for await (const _ of blobs.list(`${name}/`)) return "folder" as const;
    return null;
  });
}
