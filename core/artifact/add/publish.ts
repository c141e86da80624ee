import { LaminError } from "../../../store/errors.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import { changedWhileRead } from "./ingest_file.ts";
import type { PreparedPieces } from "./prepared_pieces.ts";
import { reasonToRefuse } from "./refusal.ts";
import type { Refused } from "./source.ts";

/** Stores what was staged; gives the sources for which that went well, and why not the others. */
export async function publish(
  batch: BlobBatch,
  all: PreparedPieces,
): Promise<{ prepared: PreparedPieces; refused: readonly Refused[] }> {
  const failures = new Map<StagedBlob, unknown>();
  try {
    await batch.publish((staged, error) => failures.set(staged, error));
  } catch (error) {
    if (!(error instanceof LaminError && error.code === "not_found")) throw error;
    // Files of an older folder may have been collected before they got their new names. Whatever is
    // not there under the lock is stored again.
  }
  const refused: Refused[] = [];
  if (failures.size === 0) return { prepared: all, refused };
  const prepared = all.filtered(({ source: { path }, staged }) => {
    const failed = staged.find((blob) => failures.has(blob));
    if (failed === undefined) return true;
    const failure = failures.get(failed);
    const why = failure instanceof LaminError ? changedWhileRead() : failure;
    refused.push({ path, why: reasonToRefuse(why, path) });
    return false;
  });
  return { prepared, refused };
}
