import { makeZip } from "client-zip";
import type { SafePath, WorkTree } from "../../../store/work_tree.ts";
import type { CrateFile } from "./contents.ts";

/**
 * Writes a crate as a zip file that appears when it is whole. Its files are not compressed: data
 * mostly are already. Throws code "conflict" when something is at the path.
 */
export async function writeZip(
  tree: WorkTree,
  path: SafePath,
  files: AsyncIterable<CrateFile>,
  day: Date,
): Promise<void> {
  await tree.write(path, async (append) => {
    const entries = entriesOf(files, day);
    for await (const bytes of makeZip(entries)) append(bytes);
  });
}

async function* entriesOf(files: AsyncIterable<CrateFile>, day: Date) {
  for await (const { path, bytes } of files) {
    yield { name: path, input: bytes(), lastModified: day };
  }
}
