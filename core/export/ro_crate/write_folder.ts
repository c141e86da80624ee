import { join } from "../../../store/path.ts";
import type { SafePath, WorkTree } from "../../../store/work_tree.ts";
import { parseRelativePath } from "../../identity/key.ts";
import type { CrateFile } from "./contents.ts";

/** How many files wait to be flushed together. */
const filesAtOnce = 1000;

/**
 * Writes a crate as a folder that appears when it is whole; nothing is left of one that failed.
 * Throws code "conflict" when something is at the path.
 */
export async function writeFolder(
  tree: WorkTree,
  path: SafePath,
  files: AsyncIterable<CrateFile>,
): Promise<void> {
  const temporary = tree.temporaryBeside(path);
  const written: SafePath[] = [];
  try {
    let waiting: string[] = [];
    const flush = async () => {
      await tree.flushBytes(waiting);
      waiting = [];
    };
    for await (const file of files) {
      const place = parseRelativePath(join(temporary, file.path));
      const arrival = await tree.stage(place, async (append) => {
        for await (const bytes of file.bytes()) append(bytes);
      });
      try {
        tree.place(arrival);
      } catch (error) {
        tree.drop(arrival);
        throw error;
      }
      written.push(place);
      waiting.push(join(tree.root, place));
      if (waiting.length >= filesAtOnce) await flush();
    }
    await flush();
    await tree.flushNames();
    tree.move(temporary, path);
    await tree.flushNames();
  } catch (error) {
    for (const place of written) tree.remove(place);
    tree.removeEmptyFolders(temporary);
    throw error;
  }
}
