import type { BlobStore } from "../../store/objects/blob_store.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { objectsFolder } from "../artifact/storage_key.ts";
import { listedObjects } from "./listed_objects.ts";

/** Where fsck puts what it replaced, below the folder of objects. */
export const damagedFolder = `${objectsFolder}/damaged`;

/** An object that a storage really has, as its name tells. */
export interface StoredObject {
  readonly name: string;
  /** What its content should hash to; for a folder that of the manifest. */
  readonly sha256: string;
  readonly isFolder: boolean;
  /** Where listing told it along. */
  readonly measured?: Measured;
}

/** Size and age of an object, which is as young as its youngest file. */
export interface Measured {
  /** In bytes. */
  readonly size: number;
  readonly files: number;
  readonly writtenAt: Date;
}

/** Something among the objects that is none by its name. */
export interface Stray {
  readonly name: string;
  readonly stray: true;
}

const objectPattern = /^([0-9a-f]{2})\/(\1[0-9a-f]{62})(?:\.[^/]*)?$/;

/**
 * What the name of an object (relative to its storage, no part of a folder) tells, if it is one.
 */
export function objectHashOf(name: string): string | undefined {
  return objectPattern.exec(name.slice(objectsFolder.length + 1))?.[2];
}

/**
 * The object that a storage key lies in: `.lamindb/objects/ab/ab12….zarr` for itself and for every
 * file below it; undefined for keys elsewhere.
 */
export function objectOf(key: string): string | undefined {
  if (!key.startsWith(`${objectsFolder}/`)) return undefined;
  const parts = key.split("/");
  return parts.length < 4 ? undefined : parts.slice(0, 4).join("/");
}

/**
 * All objects of a storage. On this machine they are found by their folders alone: no file is asked
 * for; a server lists all files at once, with what there is to know of them. With them comes what
 * lies among them and is none; `gc` leaves that alone.
 */
export async function* storedObjects(blobs: BlobStore): AsyncGenerator<StoredObject | Stray> {
  if (!liesHere(blobs)) return yield* listedObjects(blobs);
  for (const folder of await blobs.entries(`${objectsFolder}/`)) {
    if (folder.name === damagedFolder) continue;
    const isFanOut = folder.kind === "folder" && /\/[0-9a-f]{2}$/.test(folder.name);
    if (!isFanOut) {
      yield { name: folder.name, stray: true };
      continue;
    }
    for (const { name, kind } of await blobs.entries(`${folder.name}/`)) {
      const sha256 = kind === "other" ? undefined : objectHashOf(name);
      if (sha256 === undefined) yield { name, stray: true };
      else yield { name, sha256, isFolder: kind === "folder" };
    }
  }
}
