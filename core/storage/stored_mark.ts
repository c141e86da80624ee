import { LaminError } from "../../store/errors.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { markName, parseMark, type StorageMark } from "../instance/mark.ts";

/** A mark is some hundred bytes; what is larger is none. */
const longestMark = 64 * 1024;

/** The mark of a storage, wherever it lies; undefined when there is none. */
export async function readMarkIn(blobs: BlobStore): Promise<StorageMark | undefined> {
  try {
    const reader = await blobs.open(markName);
    try {
      if (reader.size > longestMark) return undefined;
      return parseMark(new TextDecoder().decode(await reader.read(0, reader.size)));
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") return undefined;
    throw error;
  }
}

/**
 * Writes the mark of a storage that had none; gives the one that is there then, which is another
 * one where somebody else was faster.
 */
export async function writeMarkIn(blobs: BlobStore, text: string): Promise<StorageMark> {
  const batch = blobs.batch();
  try {
    const staged = batch.create();
    staged.write(new TextEncoder().encode(text));
    staged.close();
    batch.name(staged, markName);
    await batch.publish();
  } finally {
    batch.discard();
  }
  return (await readMarkIn(blobs)) ?? parseMark(text)!;
}
