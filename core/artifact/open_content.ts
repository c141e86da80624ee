import { LaminError } from "../../store/errors.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { BlobReader } from "../../store/objects/blob_store.ts";
import { hasLaminHash } from "../identity/cloud_hash.ts";
import { type ContentHash, ContentHasher, fullHashBytesMax } from "../identity/content_hasher.ts";
import { base64url22 } from "../identity/hash.ts";
import type { Instance } from "../instance/instance.ts";
import { type ContentFile, missingBytes, nameOf } from "./content_files.ts";
import { liesHere } from "./lies_here.ts";
import { unlessChanged } from "./still_there.ts";
import type { ArtifactRow } from "./storage_key.ts";

export { type ContentFile, contentFiles, nameOf } from "./content_files.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/** A file of an artifact that is open. */
export interface OpenContent {
  readonly reader: BlobReader;
  /** All its bytes in order. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Where to keep the bytes when they are found right. */
  readonly keeping?: { write(bytes: Uint8Array): void; keep(): void; drop(): void };
  /** To be called when they are not. */
  readonly foundWrong?: () => void;
}

/**
 * Streams a file of an artifact while checking it. The last piece is given only when everything was
 * right, so bytes that were damaged never arrive complete. Returns the hashes. What comes from a
 * server stays in the cache unless `keeps` is false. Throws code "damaged", or as {@link openFile}.
 */
export async function* verifiedBytes(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
  { keeps }: { readonly keeps: boolean } = { keeps: true },
): AsyncGenerator<Uint8Array, ContentHash> {
  const open = await openContent(instance, row, file);
  try {
    const hashing = await instance.host.hashing();
    if (!keeps) open.keeping?.drop();
    return yield* checked(hashing, keeps ? open : withoutKeeping(open), row, file);
  } catch (error) {
    const isDamage = error instanceof LaminError && error.code === "damaged";
    if (isDamage) open.foundWrong?.();
    throw isDamage ? await unlessChanged(instance, row, error) : error;
  } finally {
    open.keeping?.drop();
    open.reader.close();
  }
}

function withoutKeeping({ keeping: _, ...open }: OpenContent): OpenContent {
  return open;
}

async function* checked(
  hashing: Hashing,
  { reader, pieces, keeping }: OpenContent,
  row: ArtifactRow,
  file: ContentFile,
): AsyncGenerator<Uint8Array, ContentHash> {
  if (file.size !== null && reader.size !== file.size) {
    throw damaged(row, file, `it has ${reader.size} bytes instead of ${file.size}`);
  }
  const hasher = new ContentHasher(hashing, reader.size);
  const md5 = needsWholeMd5(file, reader.size) ? hashing.create("md5") : undefined;
  let held: Uint8Array | undefined;
  let length = 0;
  for await (const bytes of pieces) {
    hasher.update(bytes);
    md5?.update(bytes);
    keeping?.write(bytes);
    if (held !== undefined) yield held;
    held = bytes;
    length += bytes.length;
  }
  if (length < reader.size) throw damaged(row, file, "it ends early");
  const content = hasher.finish();
  if (!isRight(file, content, md5 && base64url22(md5.digest()))) {
    throw damaged(row, file, "its hash is not the recorded one");
  }
  keeping?.keep();
  if (held !== undefined) yield held;
  return content;
}

function isRight(file: ContentFile, content: ContentHash, md5: string | undefined): boolean {
  if (file.sha256 !== undefined) return content.sha256 === file.sha256;
  if (file.hash === undefined) return true;
  const { hash, hashType = null } = file;
  return hasLaminHash({ hash, hashType }, content, md5) ?? true;
}

/** Of so large a file LaminDB has an MD5 only where a server made it. */
function needsWholeMd5({ sha256, hashType }: ContentFile, size: number): boolean {
  return sha256 === undefined && hashType === "md5" && size > fullHashBytesMax;
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
  const open = await openContent(instance, row, file);
  open.keeping?.drop();
  return open.reader;
}

async function openContent(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<OpenContent> {
  const blobs = instance.blobsOf(row.storage_id);
  try {
    if (!liesHere(blobs)) {
      const { openElsewhere } = await import("./open_elsewhere.ts");
      return await openElsewhere(instance, row, file);
    }
    const reader = await blobs.open(file.name);
    return { reader, pieces: piecesOf(reader) };
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") {
      throw await unlessChanged(instance, row, missingBytes(row, file.name));
    }
    throw error;
  }
}

async function* piecesOf(reader: BlobReader): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < reader.size;) {
    const bytes = await reader.read(offset, pieceBytes);
    if (bytes.length === 0) return;
    yield bytes;
    offset += bytes.length;
  }
}

/** The failure for bytes that are not the recorded ones. */
export function damaged(row: ArtifactRow, file: ContentFile, why: string): LaminError {
  return new LaminError(
    "damaged",
    `the bytes of ${nameOf(row)} are damaged (${file.name}): ${why}`,
    {
      hint: "'lamin fsck --repair' mends what it can",
      data: { uid: row.uid, key: row.key, name: file.name },
    },
  );
}
