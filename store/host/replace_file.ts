import { dirname, join } from "../path.ts";
import { removeLeftOvers, temporaryName } from "../temporary_name.ts";
import type { Host } from "./host.ts";

/**
 * Gives a file a new content, all of it or none: it is written beside, brought onto the disk and
 * renamed. Who reads the file sees the old or the new, also after a power loss. What processes that
 * died left beside the file is removed.
 * `mode` are its permission bits, where it is not for everybody.
 *
 * @throws FileError; then nothing is left beside the file, where it can be removed.
 */
export function replaceFile(host: Host, path: string, bytes: Uint8Array, mode?: number): void {
  const { files } = host;
  const folder = dirname(path);
  removeLeftOvers(host, folder);
  const temporary = join(folder, temporaryName(host));
  const file = files.open(temporary, {
    write: true,
    createNew: true,
    ...(mode === undefined ? {} : { mode }),
  });
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
  files.flushDirectory(folder);
}
