import { LaminError } from "../../../store/errors.ts";
import { FileError, type Files } from "../../../store/host/host.ts";
import type { BlobBatch, BlobReader, StagedBlob } from "../../../store/objects/blob_store.ts";
import { readAhead } from "../../artifact/read_ahead.ts";
import type { CopyPlace } from "./copies.ts";

/**
 * Stages a file of this machine that has `size` bytes, or any number where that is not known.
 * Undefined when it is no such file or cannot be read; that nothing can be written is another
 * matter, and thrown.
 */
export function stageFile(
  files: Files,
  batch: BlobBatch,
  path: string,
  size: number | null,
): StagedBlob | undefined {
  const stat = files.stat(path);
  if (stat?.kind !== "file" || (size !== null && stat.size !== size)) return undefined;
  try {
    return batch.copyOf(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isOfCopy = error.path === path &&
      ["EACCES", "EPERM", "ENOENT", "EIO"].includes(error.code);
    // Which of the two files it was does not show while one is copied to the other.
    const isDiskFault = error.operation === "copy" && error.code === "EIO";
    if (isOfCopy || isDiskFault) return undefined;
    throw error;
  }
}

/**
 * Stages what a server has under a name, with the same conditions. Nothing is staged where it is
 * not there or breaks off, or the server does not let it be read.
 */
export async function stageFromServer(
  batch: BlobBatch,
  { blobs, name }: Exclude<CopyPlace, string>,
  size: number | null,
): Promise<StagedBlob | undefined> {
  let reader: BlobReader | undefined;
  let staged: StagedBlob | undefined;
  try {
    reader = await blobs.open(name);
    if (size !== null && reader.size !== size) return undefined;
    staged = batch.create();
    for await (const bytes of readAhead(reader)) staged.write(bytes);
    staged.close();
    return staged;
  } catch (error) {
    if (staged !== undefined) batch.drop(staged);
    if (error instanceof LaminError) return undefined;
    throw error;
  } finally {
    reader?.close();
  }
}
