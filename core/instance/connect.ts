import { LaminError } from "../../store/errors.ts";
import { isAbsolute } from "../../store/path.ts";
import type { SafePath } from "../../store/work_tree.ts";
import { WorkTree } from "../../store/work_tree.ts";
import type { Module } from "../module.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { enabledModules } from "./enabled_modules.ts";
import { locationIn } from "./find.ts";
import { identityOf, type InstanceIdentity } from "./identity.ts";
import type { Instance } from "./instance.ts";
import { readMark } from "./mark.ts";
import { otherCopy } from "./other_copy.ts";
import { type InstanceSettings, slugOf } from "./settings.ts";
import { isSlugPart } from "./slug_part.ts";

export interface ConnectRequest {
  readonly operation: OperationName;
  /** The folder in which the instance becomes current; undefined for all that belong to none. */
  readonly here?: string;
  readonly knownModules: readonly Module[];
}

/** What was done so that the instance is current, for `lamin` and for Python. */
export interface Connected {
  readonly identity: InstanceIdentity;
  readonly settings: InstanceSettings;
  /** The file that makes it current. */
  readonly marker: string;
  /**
   * Where the database, or else the settings, said that it lies, when that is not where it was
   * found.
   */
  readonly movedFrom: string | undefined;
  /** Where the very same instance lies as well: one of the two is a copy. */
  readonly copy: string | undefined;
  /** Why the database still says that it lies elsewhere. */
  readonly refusal: LaminError | undefined;
}

/**
 * Makes an open instance the current one: writes the settings through which Python finds it (COMPAT
 * §1), and, when the instance was moved, its new root into the row of its own storage, as one
 * operation. The settings are also written when that row must not be changed; `refusal` says why.
 *
 * Throws code "conflict" when its slug belongs to another instance here, "denied" when the marker
 * cannot be written.
 */
export async function connect(instance: Instance, request: ConnectRequest): Promise<Connected> {
  const identity = await identityOf(instance);
  checkSlug(identity);
  checkRoot(instance.location.root);
  const known = instance.settings.instance(identity.owner, identity.name);
  if (known !== undefined) refuseClash(instance, identity, known);
  if (request.here !== undefined) refuseHere(instance, request.here);
  const modules = await instance.database.read((reader) =>
    enabledModules(instance, reader, request.knownModules)
  );
  const { root } = instance.location;
  const settings: InstanceSettings = {
    owner: identity.owner,
    name: identity.name,
    id: identity.id,
    storageRoot: root,
    databaseUrl: databaseUrl(instance, known),
    modules,
  };
  const copy = otherCopy(instance, identity)?.root;
  const formerRoot = instance.moved ? instance.storedRoot : known?.storageRoot;
  const movedFrom = formerRoot === root ? undefined : formerRoot;
  const refusal = instance.moved ? await noteRoot(instance, request.operation) : undefined;
  instance.settings.writeInstance(settings);
  return {
    identity,
    settings,
    marker: await makeCurrent(instance, settings, request.here),
    movedFrom,
    copy,
    refusal,
  };
}

/** Python finds a database at its usual place without being told. */
function databaseUrl(
  { location: { database, root } }: Instance,
  known: InstanceSettings | undefined,
): string | undefined {
  if (database.kind === "postgres") return database.url;
  return isAbsolute(root) ? undefined : known?.databaseUrl;
}

/** The slug goes into names of files, and it may come from a stranger's mark. */
function checkSlug({ owner, name }: InstanceIdentity): void {
  if (isSlugPart(owner) && isSlugPart(name)) return;
  throw new LaminError(
    "damaged",
    `the instance calls itself ${JSON.stringify(`${owner}/${name}`)}`,
    {
      hint: "mend the line 'instance_slug=' in its '.lamindb/storage_uid.txt'",
    },
  );
}

/** Settings are lines of text, in which Python replaces `${…}`. */
function checkRoot(root: string): void {
  if (!/[\r\n]|\$\{/.test(root)) return;
  throw new LaminError("denied", `Python cannot find an instance in ${JSON.stringify(root)}`, {
    hint: "rename the folder: LaminDB's settings cannot hold its name",
    data: { path: root },
  });
}

function refuseClash(
  instance: Instance,
  identity: InstanceIdentity,
  known: InstanceSettings,
): void {
  const other = known.storageRoot === instance.location.root || !isAbsolute(known.storageRoot)
    ? undefined
    : readMark(instance.host, known.storageRoot)?.storageUid;
  const isOther = known.id !== identity.id ||
    (other !== undefined && other !== instance.ownStorage.uid);
  if (!isOther) return;
  const slug = slugOf(known);
  throw new LaminError("conflict", `${slug} is another instance here, in ${known.storageRoot}`, {
    hint: `work with this one by 'lamin -C ${instance.location.root} …', or keep settings of ` +
      "its own for it with LAMIN_SETTINGS_DIR",
    data: { slug, path: known.storageRoot },
  });
}

function refuseHere(instance: Instance, here: string): void {
  if (here === instance.host.homeDirectory()) {
    throw new LaminError("usage", "the home folder cannot belong to an instance", {
      hint: "leave out --here: then the instance is current wherever no other one is",
    });
  }
  const own = locationIn(instance.host, here);
  if (own === undefined || own.root === instance.location.root) return;
  throw new LaminError("conflict", `${here} is the folder of another instance`, {
    hint: "choose another folder for --here",
    data: { path: here },
  });
}

/** Writes where the storage lies now; gives the reason when that is not allowed. */
async function noteRoot(
  instance: Instance,
  operation: OperationName,
): Promise<LaminError | undefined> {
  const { root } = instance.location;
  try {
    await mutate(instance, operation, async (changes) => {
      const rows = await changes.reader.select(storage, "id = ?", [instance.ownStorage.id]);
      const taken = await changes.reader.select(storage, "root = ?", [root]);
      if (taken.length > 0) {
        throw new LaminError("conflict", `the instance has another storage in ${root} already`, {
          hint: "move the instance to a folder of its own",
        });
      }
      await changes.update(storage, rows, { root });
      return { result: undefined, summary: `note that the storage moved to ${root}` };
    });
    return undefined;
  } catch (error) {
    if (error instanceof LaminError) return error;
    throw error;
  }
}

async function makeCurrent(
  instance: Instance,
  settings: InstanceSettings,
  here: string | undefined,
): Promise<string> {
  if (here === undefined) return instance.settings.writeCurrentInstance(settings);
  const marker = `.lamin/${instance.settings.markerName}`;
  const slug = new TextEncoder().encode(slugOf(settings));
  // deno-lint-ignore require-await -- nothing to wait for
  const fill = async (append: (bytes: Uint8Array) => void) => append(slug);
  // The path is one of our own, not taken from anybody.
  await new WorkTree(instance.host, here).write(marker as SafePath, fill, () => {});
  return `${here}/${marker}`;
}
