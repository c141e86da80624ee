import type { BlobStore } from "../../store/objects/blob_store.ts";
import type { StorageRow } from "../instance/instance.ts";
import type { References } from "./references.ts";

/** A file or folder that Python wrote for an artifact which is no more. */
export interface LeftAlone {
  readonly storage: StorageRow;
  readonly name: string;
  readonly isFolder: boolean;
  readonly size: number;
}

/**
 * How LaminDB calls what it stores: the uid, or its stem for a folder, and the suffix (COMPAT
 * §5.2).
 */
const pythonName = /^\.lamindb\/[0-9A-Za-z]{16}(?:[0-9A-Za-z]{4})?(?:\.[^/]*)?$/;

/**
 * What lies in `.lamindb/` under a name that LaminDB gives and belongs to no artifact. Python keeps
 * no log from which one could tell whether another of its processes is about to write the row.
 */
export async function pythonFilesWithoutRow(
  blobs: BlobStore,
  storage: StorageRow,
  references: References,
): Promise<LeftAlone[]> {
  const found: LeftAlone[] = [];
  for (const { name, kind } of await blobs.entries(".lamindb/")) {
    if (kind === "other" || !pythonName.test(name)) continue;
    if (references.to(storage, name) !== undefined) continue;
    const isFolder = kind === "folder";
    found.push({ storage, name, isFolder, size: await sizeOf(blobs, name, isFolder) });
  }
  return found;
}

async function sizeOf(blobs: BlobStore, name: string, isFolder: boolean): Promise<number> {
  if (!isFolder) return (await blobs.entry(name))?.size ?? 0;
  let size = 0;
  for await (const entry of blobs.list(`${name}/`)) size += entry.size;
  return size;
}
