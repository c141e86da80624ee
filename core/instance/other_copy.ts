import { isAbsolute } from "../../store/path.ts";
import { locationIn } from "./find.ts";
import type { InstanceIdentity } from "./identity.ts";
import type { Instance } from "./instance.ts";
import { readMark } from "./mark.ts";

/** Another folder that holds the very same instance. */
export interface OtherCopy {
  readonly root: string;
  /** Whether LaminDB's settings lead there: Python works on that one, also from this folder. */
  readonly isPythons: boolean;
}

/**
 * The copy of an instance that LaminDB's settings lead to, or else the one in the folder that its
 * database names, if there is one. Copies share the uid of their storage, which is random; the id
 * of an instance follows from its slug, which others may have as well.
 */
export function otherCopy(
  instance: Instance,
  { owner, name, id }: InstanceIdentity,
): OtherCopy | undefined {
  const known = instance.settings.instance(owner, name);
  const settingsRoot = known?.id === id ? copyAt(instance, known.storageRoot) : undefined;
  if (settingsRoot !== undefined) return { root: settingsRoot, isPythons: true };
  const root = instance.moved ? copyAt(instance, instance.storedRoot) : undefined;
  return root === undefined ? undefined : { root, isPythons: false };
}

function copyAt({ host, location, ownStorage }: Instance, root: string): string | undefined {
  if (!isAbsolute(root)) return undefined;
  const there = locationIn(host, root);
  if (there === undefined || there.root === location.root) return undefined;
  return readMark(host, there.root)?.storageUid === ownStorage.uid ? there.root : undefined;
}
