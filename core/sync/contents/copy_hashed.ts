import type { OpenFile } from "../../../store/host/host.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";

/** Bytes that are read at a time. */
const pieceBytes = 1024 * 1024;

/** After so many bytes what was written begins to go to the disk. */
const flushedBytes = 128 * 1024 * 1024;

/**
 * Stages a copy of an open file in one pass: while a piece is hashed it is written too. So each
 * byte is read once, what is staged is what was hashed, and it takes little longer than hashing.
 * Nothing is staged when it throws.
 */
export async function copyHashed(
  batch: BlobBatch,
  file: OpenFile,
  hash: (bytes: Uint8Array) => void,
): Promise<StagedBlob> {
  const staged = batch.create();
  const pieces = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)];
  let writing = Promise.resolve();
  try {
    for (let turn = 0, waiting = 0;; turn++) {
      const piece = pieces[turn % 2]!;
      const bytes = piece.subarray(0, file.read(piece));
      await writing;
      if (bytes.length === 0) break;
      writing = written(staged, bytes);
      hash(bytes);
      waiting += bytes.length;
      if (waiting < flushedBytes) continue;
      staged.beginFlush?.();
      waiting = 0;
    }
    staged.close();
    staged.beginFlush?.();
    return staged;
  } catch (error) {
    // A file is not closed while it is written.
    await writing.catch(() => {});
    batch.drop(staged);
    throw error;
  }
}

async function written(staged: StagedBlob, bytes: Uint8Array): Promise<void> {
  if (staged.writeBeside === undefined) staged.write(bytes);
  else await staged.writeBeside(bytes);
}
