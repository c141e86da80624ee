import { LaminError } from "../../store/errors.ts";
import type { Hashing } from "../../store/host/host.ts";
import { basename } from "../../store/path.ts";
import { instanceId, instanceUid } from "../identity/instance_id.ts";
import type { Instance } from "./instance.ts";
import type { StorageMark } from "./mark.ts";

/** By which names an instance is known (COMPAT §1.4). */
export interface InstanceIdentity {
  readonly owner: string;
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** 12 characters, as storages name the instance that manages them. */
  readonly uid: string;
}

/**
 * Who an instance is: its mark says so, else the settings that lead to it, else what LaminDB 1.x
 * called its database file; the id that is noted nowhere is derived from the slug.
 *
 * Throws code "damaged" when the id can only be guessed and the guess is proven wrong.
 */
export async function identityOf(instance: Instance): Promise<InstanceIdentity> {
  const { mark, location, settings, storage } = instance;
  const hashing = await instance.host.hashing();
  const isNoted = mark?.instanceId !== undefined && namedIn(mark) !== undefined;
  const known = isNoted
    ? undefined
    : settings.instances().find((one) => one.storageRoot === location.root);
  const { database } = location;
  const file = database.kind === "sqlite" ? basename(database.path) : "";
  const oldName = /^([0-9a-f]{32})\.lndb$/.exec(file)?.[1];
  const noted = mark?.instanceId ?? known?.id ?? oldName;
  const { owner, name } = namedIn(mark) ?? known ?? derivedNames(instance, hashing, noted);
  const id = noted ?? instanceId(hashing, `${owner}/${name}`);
  const uid = instanceUid(hashing, id);
  if (noted === undefined && storage.instance_uid !== null && storage.instance_uid !== uid) {
    throw new LaminError("damaged", `nothing says which id the instance ${owner}/${name} has`, {
      hint: "copy '.lamindb/storage_uid.txt' back from where the instance was",
      data: { path: location.root },
    });
  }
  return { owner, name, id, uid };
}

interface Names {
  readonly owner: string;
  readonly name: string;
}

function namedIn(mark: StorageMark | undefined): Names | undefined {
  const { owner, name } = mark ?? {};
  return owner === undefined || name === undefined ? undefined : { owner, name };
}

/** Names after the folder as it is called, or as it was when that gives the id that is noted. */
function derivedNames(instance: Instance, hashing: Hashing, id: string | undefined): Names {
  const owner = instance.user.handle;
  const names = [instance.location.root, instance.storedRoot].map((root) =>
    basename(root).toLowerCase()
  );
  const name = names.find((one) => instanceId(hashing, `${owner}/${one}`) === id) ?? names[0]!;
  return { owner, name };
}
