import { replaceFile } from "../../store/host/replace_file.ts";
import { LaminError } from "../../store/errors.ts";
import { allowAsFolder, makeFolderOnce } from "../../store/host/shared_access.ts";
import type { Host } from "../../store/host/host.ts";
import { ifThere } from "../../store/objects/if_there.ts";
import { join } from "../../store/path.ts";
import type { StorageRow } from "./instance.ts";
import { readText } from "./settings.ts";

/** In a work tree, the uid of the storage that new artifacts go to. */
const fileName = ".lamin/current_storage";

/**
 * The storage that was switched to in a work tree; undefined when none was. Throws code "failed"
 * for one that the instance does not have.
 */
export function currentStorage(
  host: Host,
  workTree: string,
  storages: ReadonlyMap<number, StorageRow>,
): StorageRow | undefined {
  const uid = readText(host, join(workTree, fileName))?.trim();
  if (uid === undefined || uid === "") return undefined;
  const row = [...storages.values()].find((one) => one.uid === uid);
  if (row !== undefined) return row;
  throw new LaminError("failed", `new artifacts should go to storage ${uid}, which is not there`, {
    hint: `remove ${join(workTree, fileName)}, then choose one with 'lamin storage switch'`,
    data: { storage: uid },
  });
}

/** Lets new artifacts go to a storage; undefined is the instance's own one. */
export function setCurrentStorage(host: Host, workTree: string, uid: string | undefined): void {
  const path = join(workTree, fileName);
  if (uid === undefined) {
    ifThere(() => host.files.remove(path));
    return;
  }
  makeFolderOnce(host.files, join(workTree, ".lamin"));
  replaceFile(host, path, new TextEncoder().encode(`${uid}\n`));
  allowAsFolder(host.files, path, 0o666);
}
