import type { Hashing, Host } from "../../store/host/host.ts";
import type { BlobReader } from "../../store/objects/blob_store.ts";
import { openBlob } from "../../store/objects/file_reader.ts";
import { type ContentHash, ContentHasher } from "../identity/content_hasher.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/** What hashing needs besides the bytes. */
export interface HashTools {
  readonly hashing: Hashing;
  readonly progress: (bytes: number) => void;
}

/** Hashes all bytes of an open blob. */
export async function hashReader(tools: HashTools, reader: BlobReader): Promise<ContentHash> {
  const hasher = new ContentHasher(tools.hashing, reader.size);
  const buffer = new Uint8Array(Math.min(pieceBytes, reader.size));
  for (let offset = 0; offset < reader.size;) {
    const bytes = await reader.read(offset, pieceBytes, buffer);
    if (bytes.length === 0) break;
    hasher.update(bytes);
    tools.progress(bytes.length);
    offset += bytes.length;
  }
  return hasher.finish();
}

/** Hashes a local file as it is when it is opened. Throws a FileError when it cannot be read. */
export async function hashLocal(
  host: Host,
  tools: HashTools,
  path: string,
): Promise<ContentHash & { size: number }> {
  const reader = openBlob(host.files, path);
  try {
    return { ...await hashReader(tools, reader), size: reader.size };
  } finally {
    reader.close();
  }
}
