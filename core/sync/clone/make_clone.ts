import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { isAbsolute, join, resolve } from "../../../store/path.ts";
import {
  type CreatedInstance,
  createInstance,
  type CreateRequest,
  newInstanceId,
} from "../../instance/create.ts";
import { instanceUid } from "../../identity/instance_id.ts";
import { locationIn } from "../../instance/find.ts";
import type { InstanceIdentity } from "../../instance/identity.ts";
import { readMark } from "../../instance/mark.ts";
import { remoteSchemeOf } from "../../instance/remote_root.ts";
import { folderPath } from "../../instance/new_place.ts";
import { readAllowedText, SettingsFolder, slugOf } from "../../instance/settings.ts";
import { isNewName, isSlugPart } from "../../instance/slug_part.ts";
import { unfinishedStorage } from "../../instance/unfinished.ts";

/** What a clone can be told besides what it is a clone of. */
export interface CloneRequest extends Omit<CreateRequest, "folder" | "cloneOf" | "name"> {
  /** Folder of the work tree; one called as the instance unless given. */
  readonly folder?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Makes the empty instance that a clone is to be, with an identity of its own, so that neither
 * Python nor anything of ours takes the two for one. A clone that was interrupted goes on: its
 * folder is given again.
 *
 * Throws code "conflict" for a folder in which there is anything else.
 */
export async function makeClone(
  host: Host,
  source: Pick<InstanceIdentity, "id" | "name">,
  request: CloneRequest,
): Promise<Pick<CreatedInstance, "slug" | "root" | "workTree">> {
  const { id, name } = source;
  // A stranger's name must not lead out of this folder.
  const sourceName = isNewName(name) ? name : "clone";
  const folder = request.folder ?? sourceName;
  const workTree = folderPath(host, resolve(host.workingDirectory(), folder));
  const root = placeOf(host, request, workTree);
  const { handle: owner } = new SettingsFolder(host).currentUser();
  const begun = await begunClone(host, { workTree, root, sourceId: id });
  const cloneName = begun?.name ?? request.name ?? freeName(host, owner, sourceName, root);
  if (begun === undefined) refuseFull(host, workTree, slugOf({ owner, name: cloneName }));
  else if (await isMade(host, request, workTree, begun)) {
    return { slug: slugOf(begun), root, workTree };
  }
  return await createInstance(host, {
    ...request,
    folder: workTree,
    name: cloneName,
    cloneOf: id,
  });
}

function placeOf(host: Host, { storage }: CloneRequest, workTree: string): string {
  if (storage === undefined) return workTree;
  if (remoteSchemeOf(storage) !== undefined) return storage;
  return folderPath(host, resolve(host.workingDirectory(), storage));
}

/** A clone that has its mark or marker. */
interface BegunClone {
  readonly owner: string;
  readonly name: string;
  readonly id: string;
  readonly root: string;
}

/** Where a clone is, or is to be, and what it is a clone of. */
interface ClonePlace {
  readonly workTree: string;
  readonly root: string;
  readonly sourceId: string;
}

/** The clone of this very instance that was begun in a place, whatever it was called. */
async function begunClone(
  host: Host,
  { workTree, root, sourceId }: ClonePlace,
): Promise<BegunClone | undefined> {
  const mark = isAbsolute(root) ? readMark(host, root) : undefined;
  const [owner, name] = mark === undefined
    ? slugIn(host, workTree)?.split("/") ?? []
    : [mark.owner, mark.name];
  if (!isSlugPart(owner) || !isSlugPart(name)) return undefined;
  const hashing = await host.hashing();
  const id = newInstanceId(hashing, { cloneOf: sourceId }, slugOf({ owner, name }), root);
  const noted = mark?.instanceId ?? new SettingsFolder(host).instance(owner, name)?.id;
  return noted === id ? { owner, name, id, root } : undefined;
}

/** Whether nothing of the instance is missing, so that rows can come. */
async function isMade(
  host: Host,
  { databaseUrl }: CloneRequest,
  workTree: string,
  { id, root, ...slug }: BegunClone,
): Promise<boolean> {
  // Where settings lead to the rows, the marker is the last that is written.
  const isNoted = databaseUrl !== undefined || !isAbsolute(root);
  if (isNoted) return slugIn(host, workTree) === slugOf(slug);
  if (locationIn(host, root) === undefined) return false;
  const uid = instanceUid(await host.hashing(), id);
  return await unfinishedStorage(host, root, uid) === undefined;
}

/** As git does: a clone begins in a folder of its own, or where it had hardly begun. */
function refuseFull(host: Host, workTree: string, slug: string): void {
  const { files } = host;
  if (files.stat(workTree) === null) return;
  const isBegun = (name: string) => {
    if (name === ".lamin") return [undefined, slug].includes(slugIn(host, workTree));
    if (name !== ".lamindb") return false;
    // Nothing was stored yet; of an instance that is there, making one says so.
    return files.readDirectory(join(workTree, name)).every(({ kind }) => kind === "file");
  };
  if (files.readDirectory(workTree).every(({ name }) => isBegun(name))) return;
  throw new LaminError("conflict", `${workTree} is not empty`, {
    hint: "name a new folder for the clone",
    data: { path: workTree },
  });
}

/** The slug of the instance that a folder is marked to be the work tree of. */
function slugIn(host: Host, workTree: string): string | undefined {
  const { markerName } = new SettingsFolder(host);
  return readAllowedText(host, join(workTree, ".lamin", markerName))?.trim() || undefined;
}

/** The source's own name, unless another instance has it on this machine. */
function freeName(host: Host, owner: string, wanted: string, root: string): string {
  const settings = new SettingsFolder(host);
  const names = [wanted, ...Array.from({ length: 98 }, (_, index) => `${wanted}-${index + 2}`)];
  const isFree = (name: string) => {
    const known = settings.instance(owner, name);
    return known === undefined || known.storageRoot === root;
  };
  const free = names.find(isFree);
  if (free !== undefined) return free;
  throw new LaminError("conflict", `there are many instances called ${wanted} here`, {
    hint: "choose a name with --name",
  });
}
