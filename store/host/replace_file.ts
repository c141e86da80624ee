import type { Host } from "./host.ts";

/**
 * Gives a file a new content, all of it or none: it is written beside, brought onto the disk and
 * renamed. Who reads the file sees the old or the new.
 *
 * @throws FileError; then nothing is left beside the file, where it can be removed.
 */
export function replaceFile({ files, randomBytes }: Host, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${randomBytes(4).toHex()}`;
  const file = files.open(temporary, { write: true, createNew: true });
  try {
    try {
      file.write(bytes);
      file.flush();
    } finally {
      file.close();
    }
    files.rename(temporary, path);
  } catch (error) {
    try {
      files.remove(temporary);
    } catch {
      // What went wrong before says more.
    }
    throw error;
  }
}
