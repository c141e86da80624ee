import { isAbsolute } from "../../store/path.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { readMark } from "../instance/mark.ts";

/**
 * The storages on this machine in which nobody but this instance keeps objects: its own, and others
 * that are marked as its. What other instances keep elsewhere may be referred to by rows that cannot
 * be seen from here.
 */
export function ownStorages(instance: Instance): StorageRow[] {
  const own = instance.mark?.instanceUid;
  const others = [...instance.storages.values()].filter((row) => {
    if (row.id === instance.storage.id || own === undefined || !isAbsolute(row.root)) return false;
    const mark = readMark(instance.host, row.root);
    return mark?.storageUid === row.uid && mark.instanceUid === own;
  });
  return [instance.storage, ...others];
}
