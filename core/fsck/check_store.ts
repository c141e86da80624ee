import type { Instance, StorageRow } from "../instance/instance.ts";
import type { Reader } from "../../store/database/database.ts";
import { ownStorages } from "../gc/own_storages.ts";
import { measure } from "../gc/plan.ts";
import { References } from "../gc/references.ts";
import { type StoredObject, storedObjects } from "../gc/stored_objects.ts";
import type { Finding } from "./finding.ts";

/** An object in a storage, and whether an artifact has it. */
export interface ListedObject extends StoredObject {
  readonly storage: StorageRow;
  readonly isReferenced: boolean;
}

/** What the instance's own storages hold, and what of it is worth knowing. */
export interface StoreChecked {
  readonly objects: readonly ListedObject[];
  readonly findings: readonly Finding[];
  readonly references: References;
}

/** Looks at what lies in the instance's own storages. Nothing here is damage: `gc` tidies up. */
export async function checkStore(instance: Instance): Promise<StoreChecked> {
  const own = ownStorages(instance);
  const references = await instance.database.read((reader: Reader) =>
    References.load(instance, reader, own, instance.host.now())
  );
  const objects: ListedObject[] = [];
  const findings: Finding[] = [];
  for (const storage of own) {
    const blobs = instance.blobsOf(storage.id);
    for await (const found of storedObjects(blobs)) {
      if ("stray" in found) {
        findings.push(note("stray", found.name, "it is no object, and is left alone"));
        continue;
      }
      const isReferenced = references.to(storage, found.name) === "artifact";
      objects.push({ ...found, storage, isReferenced });
      if (isReferenced) continue;
      const size = (await measure(blobs, found))?.size ?? 0;
      findings.push(note("unreferenced", found.name, `no artifact has its ${size} bytes`));
    }
    for (const { name, size, isAbandoned } of await blobs.unfinished()) {
      if (!isAbandoned) continue;
      const detail = `a process that died left ${size} bytes`;
      findings.push(note("unfinished addition", name, detail));
    }
  }
  return { objects, findings, references };
}

function note(kind: Finding["kind"], name: string, detail: string): Finding {
  return { severity: "note", kind, uid: null, key: null, name, detail };
}
