import type { Instance, StorageRow } from "../instance/instance.ts";

/**
 * The storages in which nobody but this instance keeps objects: the one that its database lies in.
 * What others hold may be referred to by rows that cannot be seen from here, such as those of a
 * copy of this instance, which has the same name and the same marks.
 */
export function ownStorages(instance: Instance): StorageRow[] {
  return [instance.ownStorage];
}
