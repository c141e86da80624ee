import { LaminError } from "../../store/errors.ts";
import { withoutPassword } from "../../store/without_password.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { readMarkIn } from "../storage/stored_mark.ts";

/**
 * The storages in which nobody but this instance keeps objects: the one that its database lies in.
 * What others hold may be referred to by rows that cannot be seen from here, such as those of a
 * copy of this instance, which has the same name and the same marks.
 */
export function ownStorages(instance: Instance): StorageRow[] {
  return [instance.ownStorage];
}

/**
 * Throws code "denied" for a storage whose row says that this instance manages it, while the mark
 * in it says that another one does: rows may come from elsewhere.
 */
export async function requireOwnMark(instance: Instance, row: StorageRow): Promise<void> {
  const mark = await readMarkIn(instance.blobsOf(row.id));
  const own = [instance.mark?.instanceUid, instance.ownStorage.instance_uid];
  if (mark?.instanceUid === undefined || own.includes(mark.instanceUid)) return;
  const root = withoutPassword(row.root);
  const { owner, name, instanceUid } = mark;
  const whose = owner === undefined ? instanceUid : `${owner}/${name}`;
  throw new LaminError("denied", `${root} says that ${whose} manages it`, {
    hint: "run 'lamin gc' in that instance",
    data: { storage: root },
  });
}
