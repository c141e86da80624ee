import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { isAbsolute, resolve } from "../../../store/path.ts";
import {
  type CreatedInstance,
  createInstance,
  type CreateRequest,
  newInstanceId,
} from "../../instance/create.ts";
import type { InstanceIdentity } from "../../instance/identity.ts";
import { readMark } from "../../instance/mark.ts";
import { folderPath } from "../../instance/new_place.ts";
import { SettingsFolder, slugOf } from "../../instance/settings.ts";
import { isNewName } from "../../instance/slug_part.ts";

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
  const begun = isAbsolute(root) ? await begunClone(host, root, id) : undefined;
  if (begun !== undefined) return { slug: begun, root, workTree };
  refuseFull(host, workTree);
  return await createInstance(host, {
    ...request,
    folder: workTree,
    name: request.name ?? freeName(host, owner, sourceName, root),
    cloneOf: id,
  });
}

function placeOf(host: Host, { storage }: CloneRequest, workTree: string): string {
  if (storage === undefined) return workTree;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(storage)) return storage;
  return folderPath(host, resolve(host.workingDirectory(), storage));
}

/** The slug of a clone of an instance that was begun in a folder. */
async function begunClone(
  host: Host,
  root: string,
  sourceId: string,
): Promise<string | undefined> {
  const mark = readMark(host, root);
  if (mark?.owner === undefined || mark.name === undefined) return undefined;
  const slug = slugOf({ owner: mark.owner, name: mark.name });
  const expected = newInstanceId(await host.hashing(), { cloneOf: sourceId }, slug, root);
  return mark.instanceId === expected ? slug : undefined;
}

/** As git does: a clone begins in a folder of its own. */
function refuseFull(host: Host, workTree: string): void {
  const { files } = host;
  if (files.stat(workTree) === null || files.readDirectory(workTree).length === 0) return;
  throw new LaminError("conflict", `${workTree} is not empty`, {
    hint: "name a new folder for the clone",
    data: { path: workTree },
  });
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
