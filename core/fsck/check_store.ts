import type { Instance, StorageRow } from "../instance/instance.ts";
import { FileError } from "../../store/host/host.ts";
import { objectsFolder } from "../artifact/storage_key.ts";
import type { Reader } from "../../store/database/database.ts";
import { ownStorages } from "../gc/own_storages.ts";
import { measure } from "../gc/plan.ts";
import { References } from "../gc/references.ts";
import { type StoredObject, storedObjects } from "../gc/stored_objects.ts";
import { unreadable } from "./check_file.ts";
import type { Finding } from "./finding.ts";

/** An object in a storage, and whether an artifact has it. */
export interface ListedObject extends StoredObject {
  readonly storage: StorageRow;
  readonly isReferenced: boolean;
}

/** What the instance's own storages hold, and what of it is worth knowing. */
export interface StoreChecked {
  readonly objects: readonly ListedObject[];
  /** False when not all of them could be listed: then there may be others. */
  readonly isComplete: boolean;
  readonly findings: readonly Finding[];
  readonly references: References;
}

/**
 * Looks at what lies in the instance's own storages. It is no damage, and `gc` tidies up, unless it
 * cannot be looked at.
 */
export async function checkStore(instance: Instance): Promise<StoreChecked> {
  const own = ownStorages(instance);
  const references = await instance.database.read((reader: Reader) =>
    References.load(instance, reader, own, instance.host.now())
  );
  const objects: ListedObject[] = [];
  const findings: Finding[] = [];
  let isComplete = true;
  for (const storage of own) {
    try {
      for await (const found of lookAt(instance, storage, references)) {
        if ("severity" in found) findings.push(found);
        else objects.push(found);
      }
    } catch (error) {
      const { kind, detail } = unreadable(error);
      isComplete = false;
      const name = error instanceof FileError ? error.path : `${objectsFolder}/`;
      findings.push({ severity: "damage", kind, uid: null, key: null, name, detail });
    }
  }
  return { objects, isComplete, findings, references };
}

async function* lookAt(
  instance: Instance,
  storage: StorageRow,
  references: References,
): AsyncGenerator<ListedObject | Finding> {
  const blobs = instance.blobsOf(storage.id);
  for await (const found of storedObjects(blobs)) {
    if ("stray" in found) {
      yield note("stray", found.name, "it is no object, and is left alone");
      continue;
    }
    const isReferenced = references.to(storage, found.name) === "artifact";
    yield { ...found, storage, isReferenced };
    if (isReferenced) continue;
    const size = (found.measured ?? await measure(blobs, found))?.size ?? 0;
    yield note("unreferenced", found.name, `no artifact has its ${size} bytes`);
  }
  for (const { name, size, isAbandoned } of await blobs.unfinished()) {
    if (!isAbandoned) continue;
    yield note("unfinished addition", name, `a process that died left ${size} bytes`);
  }
}

function note(kind: Finding["kind"], name: string, detail: string): Finding {
  return { severity: "note", kind, uid: null, key: null, name, detail };
}
