import { LaminError } from "../../store/errors.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { BlobReader } from "../../store/objects/blob_store.ts";
import { type ContentHash, ContentHasher } from "../identity/content_hasher.ts";
import type { Instance } from "../instance/instance.ts";
import { type ContentFile, missingBytes, nameOf } from "./content_files.ts";
import { unlessChanged } from "./still_there.ts";
import type { ArtifactRow } from "./storage_key.ts";

export { type ContentFile, contentFiles, nameOf } from "./content_files.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * Streams a file of an artifact while checking it. The last piece is given only when everything was
 * right, so bytes that were damaged never arrive complete. Returns the hashes. Throws code
 * "damaged", or as {@link openFile}.
 */
export async function* verifiedBytes(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): AsyncGenerator<Uint8Array, ContentHash> {
  const reader = await openFile(instance, row, file);
  try {
    const hashing = await instance.host.hashing();
    return yield* checked(hashing, reader, row, file);
  } catch (error) {
    const isDamage = error instanceof LaminError && error.code === "damaged";
    throw isDamage ? await unlessChanged(instance, row, error) : error;
  } finally {
    reader.close();
  }
}

async function* checked(
  hashing: Hashing,
  reader: BlobReader,
  row: ArtifactRow,
  file: ContentFile,
): AsyncGenerator<Uint8Array, ContentHash> {
  if (file.size !== null && reader.size !== file.size) {
    throw damaged(row, file, `it has ${reader.size} bytes instead of ${file.size}`);
  }
  const hasher = new ContentHasher(hashing, reader.size);
  let held: Uint8Array | undefined;
  for (let offset = 0; offset < reader.size;) {
    const bytes = await reader.read(offset, pieceBytes);
    if (bytes.length === 0) throw damaged(row, file, "it ends early");
    hasher.update(bytes);
    if (held !== undefined) yield held;
    held = bytes;
    offset += bytes.length;
  }
  const content = hasher.finish();
  const isRight = file.sha256 !== undefined
    ? content.sha256 === file.sha256
    : file.hash === undefined || content.hash === file.hash;
  if (!isRight) throw damaged(row, file, "its hash is not the recorded one");
  if (held !== undefined) yield held;
  return content;
}

/**
 * Opens a file of an artifact for reading at any offset, unchecked. Throws code "damaged" when it
 * is gone, "not_found" or "conflict" when the artifact was deleted or moved since it was looked up.
 */
export async function openFile(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<BlobReader> {
  try {
    return await instance.blobsOf(row.storage_id).open(file.name);
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") {
      throw await unlessChanged(instance, row, missingBytes(row, file.name));
    }
    throw error;
  }
}

function damaged(row: ArtifactRow, file: ContentFile, why: string): LaminError {
  return new LaminError(
    "damaged",
    `the bytes of ${nameOf(row)} are damaged (${file.name}): ${why}`,
    {
      hint: "'lamin fsck --repair' mends what it can",
      data: { uid: row.uid, key: row.key, name: file.name },
    },
  );
}
