import type { BlobStore } from "../../store/objects/blob_store.ts";
import { sizesOf } from "../artifact/sizes_of.ts";
import { objectsFolder } from "../artifact/storage_key.ts";

/**
 * Sizes of what lies on servers. Where everything is to be looked at, objects are listed once for
 * all pages of artifacts, which costs a request for each thousand of them.
 */
export class ServerSizes {
  readonly #listed = new Map<BlobStore, ReadonlyMap<string, number>>();

  constructor(private readonly listsObjects: boolean) {}

  async of(blobs: BlobStore, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (!this.listsObjects) return await sizesOf(blobs, names);
    const isObject = (name: string) => name.startsWith(`${objectsFolder}/`);
    const sizes = new Map(await sizesOf(blobs, names.filter((name) => !isObject(name))));
    const objects = names.filter(isObject);
    if (objects.length === 0) return sizes;
    const listed = this.#listed.get(blobs) ?? await list(blobs);
    this.#listed.set(blobs, listed);
    for (const name of objects) {
      const size = listed.get(name);
      if (size !== undefined) sizes.set(name, size);
    }
    return sizes;
  }
}

async function list(blobs: BlobStore): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { name, size } of blobs.list(`${objectsFolder}/`)) sizes.set(name, size);
  return sizes;
}
