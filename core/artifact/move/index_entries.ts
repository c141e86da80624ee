import { FileClock } from "../../../store/file_clock.ts";
import { dirname } from "../../../store/path.ts";
import type { IndexedFile } from "../../../store/work_index/indexed_file.ts";
import { WorkIndex } from "../../../store/work_index/work_index.ts";
import { parseRelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { MovedArtifact } from "./move.ts";

/**
 * Lets the index of the work tree know files under their new names, so that they are not read
 * again. The old entries stay: should the operation be undone, they tell that the files were there.
 */
export async function carryIndex(
  instance: Instance,
  moved: readonly MovedArtifact[],
): Promise<void> {
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    const indexed = await index.load();
    if (indexed.isEmpty) return;
    const folders = new Map<string, string>();
    const added: IndexedFile[] = [];
    const clock = new FileClock(instance.host, dirname(instance.workIndexPath));
    const carry = (entry: IndexedFile, path: string) => {
      const renamed = renamedEntry({ instance, clock }, entry, path);
      if (renamed !== undefined) added.push(renamed);
    };
    for (const { row, from } of moved) {
      if (from === null) continue;
      const entry = indexed.get(from);
      if (entry !== undefined) carry(entry, row.key!);
      if (row.n_files !== null) folders.set(from, row.key!);
    }
    for (const entry of folders.size === 0 ? [] : indexed.values()) {
      const [from, to] = [...folders].find(([from]) => entry.path.startsWith(`${from}/`)) ?? [];
      if (from !== undefined) carry(entry, to + entry.path.slice(from.length));
    }
    await index.update({ files: added });
  } finally {
    await index.close();
  }
}

/**
 * The entry under the new name, if the file there is the one that was hashed: renaming changes only
 * the time of the last change of its metadata.
 */
function renamedEntry(
  { instance, clock }: { instance: Instance; clock: FileClock },
  entry: IndexedFile,
  path: string,
): IndexedFile | undefined {
  const stat = instance.workTree.stat(parseRelativePath(path));
  const isSame = stat?.kind === "file" && stat.size === entry.size &&
    stat.modifiedMs === entry.modifiedMs && stat.inode === entry.inode &&
    entry.indexedMs > Math.max(entry.modifiedMs, entry.changedMs);
  if (!isSame) return undefined;
  return { ...entry, path, changedMs: stat.changedMs, indexedMs: clock.before(stat) };
}
