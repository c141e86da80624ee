import { FileError, type Host } from "./host/host.ts";
import { join } from "./path.ts";
import { isLeftOver, isNameOfProcess, nameOfProcess } from "./process_name.ts";

const ending = ".lamin-temporary";

/** A name for what is to be renamed once it is complete; walks pass over such names. */
export function temporaryName(host: Host): string {
  return `.${nameOfProcess(host)}${ending}`;
}

/** Whether something in a folder of a user is on its way there, or was. */
export function isTemporaryName(name: string): boolean {
  return name.endsWith(ending);
}

/**
 * Removes from a folder what processes that died left under temporary names. What cannot be removed
 * stays.
 */
export function removeLeftOvers(host: Host, folder: string): void {
  const { files } = host;
  for (const { name } of files.readDirectory(folder)) {
    if (!isTemporaryName(name)) continue;
    const own = name.slice(1, -ending.length);
    const path = join(folder, name);
    if (!isNameOfProcess(own)) continue;
    try {
      if (isLeftOver(host, own, () => files.lstat(path)?.changedMs ?? Infinity)) {
        files.removeTree(path);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
}
