import type { BlobStore } from "../../store/objects/blob_store.ts";
import { objectsFolder } from "./storage_key.ts";

/**
 * Whether the blobs of a store are files of this machine: a look at one costs next to nothing then.
 * Anywhere else it is a question to a server, so many are asked at once and as few as possible.
 */
export function liesHere(blobs: BlobStore): boolean {
  return blobs.locate(objectsFolder) !== undefined;
}
