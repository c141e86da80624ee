import type { BlobEntry, BlobStore } from "../../store/objects/blob_store.ts";
import { objectsFolder } from "../artifact/storage_key.ts";
import {
  damagedFolder,
  type Measured,
  objectHashOf,
  objectOf,
  type StoredObject,
  type Stray,
} from "./stored_objects.ts";

/** All objects of a storage on a server, from one listing of their files. */
export async function* listedObjects(blobs: BlobStore): AsyncGenerator<StoredObject | Stray> {
  const folders = new Map<string, Measured>();
  const strays = new Set<string>();
  for await (const entry of blobs.list(`${objectsFolder}/`)) {
    if (entry.name.startsWith(`${damagedFolder}/`)) continue;
    const object = objectOf(entry.name);
    const sha256 = object && objectHashOf(object);
    if (object === undefined || sha256 === undefined) strays.add(strayOf(entry.name, object));
    else if (object !== entry.name) folders.set(object, together(folders.get(object), entry));
    else yield { name: object, sha256, isFolder: false, measured: together(undefined, entry) };
  }
  for (const [name, measured] of folders) {
    yield { name, sha256: objectHashOf(name)!, isFolder: true, measured };
  }
  for (const name of strays) yield { name, stray: true };
}

function together(sum: Measured | undefined, { size, writtenAt }: BlobEntry): Measured {
  if (sum === undefined) return { size, files: 1, writtenAt };
  return {
    size: sum.size + size,
    files: sum.files + 1,
    writtenAt: writtenAt > sum.writtenAt ? writtenAt : sum.writtenAt,
  };
}

/** What lies directly among the objects, or among the folders of objects. */
function strayOf(name: string, object: string | undefined): string {
  const parts = name.split("/");
  return object !== undefined && /^[0-9a-f]{2}$/.test(parts[2]!)
    ? object
    : parts.slice(0, 3).join("/");
}
