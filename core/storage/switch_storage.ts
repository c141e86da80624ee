import { LaminError } from "../../store/errors.ts";
import { setCurrentStorage } from "../instance/current_storage.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { canBeWritten } from "./storage_root.ts";
import { roleOf } from "./role.ts";

/**
 * Lets new artifacts of a work tree go to a storage. Throws code "denied" for one that this
 * instance may not write to.
 */
export function switchStorage(instance: Instance, row: StorageRow): void {
  const role = roleOf(instance, row);
  const isManaged = role === "own" || role === "managed";
  if (!isManaged || !canBeWritten(row.root)) {
    throw new LaminError("denied", `${row.root} is not this instance's to write to`, {
      hint: role === "foreign"
        ? "another instance manages it; its data can be registered and read"
        : "choose one that 'lamin storage list' calls managed",
      data: { storage: row.root },
    });
  }
  setCurrentStorage(instance.host, instance.workTree.root, role === "own" ? undefined : row.uid);
}
