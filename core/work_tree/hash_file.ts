import type { Host } from "../../store/host/host.ts";
import { type ContentHash, ContentHasher } from "../identity/content_hasher.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * Both hashes of a local file, links followed, in one pass. Throws a FileError when it cannot be
 * read, code "conflict" when its size changes meanwhile.
 */
export async function hashFile(
  host: Host,
  path: string,
  progress: (bytes: number) => void = () => {},
): Promise<ContentHash> {
  const hashing = await host.hashing();
  const file = host.files.open(path, { read: true });
  try {
    const { size } = file.stat();
    const hasher = new ContentHasher(hashing, size);
    // One byte more than the file has, so that one that grows is noticed.
    const buffer = new Uint8Array(Math.min(pieceBytes, size + 1));
    for (let count = file.read(buffer); count > 0; count = file.read(buffer)) {
      hasher.update(buffer.subarray(0, count));
      progress(count);
    }
    return hasher.finish();
  } finally {
    file.close();
  }
}
