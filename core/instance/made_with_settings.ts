import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { join, resolve } from "../../store/path.ts";
import { instanceUid } from "../identity/instance_id.ts";
import { type BytesPlace, bytesPlace } from "./bytes_place.ts";
import { type CreatedInstance, type CreateRequest, newInstanceId } from "./create.ts";
import { locationIn } from "./find.ts";
import { markText } from "./mark.ts";
import { alreadyThere } from "./new_database.ts";
import { checkedModules, folderPath, requireName, writeMarker } from "./new_place.ts";
import { type InstanceSettings, SettingsFolder, slugOf } from "./settings.ts";

/** A new instance of which only settings tell where its rows or its bytes are. */
export interface InstancePlan {
  readonly settings: InstanceSettings;
  readonly place: BytesPlace;
  readonly workTree: string;
  /** Its uid, which follows from its slug. */
  readonly uid: string;
}

/**
 * What is to be made, once it is sure that it harms nothing. `usualName` is its name unless the
 * request has one. Throws code "usage", and "conflict" when there is an instance already in the
 * folder, in the place for bytes or under the slug.
 */
export async function planWithSettings(
  host: Host,
  request: CreateRequest,
  usualName: string,
  databaseUrl: string | undefined,
): Promise<InstancePlan> {
  const settingsFolder = new SettingsFolder(host);
  const { handle: owner } = settingsFolder.currentUser();
  const name = request.name ?? usualName;
  requireName(name);
  const modules = checkedModules(request);
  const workTree = folderPath(host, resolve(host.workingDirectory(), request.folder));
  if (locationIn(host, workTree) !== undefined) throw alreadyThere(workTree);
  const place = bytesPlace(host, request.storage ?? workTree, request.openRemote);
  const hashing = await host.hashing();
  const id = newInstanceId(hashing, request, `${owner}/${name}`, place.root);
  const settings = { owner, name, storageRoot: place.root, databaseUrl, modules, id };
  const plan = { settings, place, workTree, uid: instanceUid(hashing, id) };
  await refuseHarm(host, settingsFolder, plan);
  return plan;
}

async function refuseHarm(
  host: Host,
  settingsFolder: SettingsFolder,
  { settings, place, workTree, uid }: InstancePlan,
): Promise<void> {
  const { owner, name, storageRoot: root, databaseUrl } = settings;
  const mark = await place.readMark();
  if (mark !== undefined && mark.instanceUid !== uid) throw alreadyThere(root);
  const known = settingsFolder.instance(owner, name);
  if (known === undefined) return;
  if (known.storageRoot !== root || known.databaseUrl !== databaseUrl) {
    throw new LaminError("conflict", `${owner}/${name} is the instance in ${known.storageRoot}`, {
      hint: "choose another name with --name",
      data: { slug: `${owner}/${name}` },
    });
  }
  const marker = join(workTree, ".lamin", settingsFolder.markerName);
  const isWhole = mark !== undefined && host.files.stat(marker) !== null;
  if (isWhole) throw alreadyThere(root);
}

/**
 * Makes it: the rows by `makeRows`, which gives the uid of the storage, then settings and marks.
 * What a death leaves undone is done by the next call with the same name.
 */
export async function makeWithSettings(
  host: Host,
  { settings, place, workTree, uid }: InstancePlan,
  makeRows: () => Promise<string>,
): Promise<CreatedInstance> {
  const settingsFolder = new SettingsFolder(host);
  const slug = slugOf(settings);
  host.files.makeDirectory(workTree, { recursive: true });
  place.make();
  const storageUid = await makeRows();
  // Before the marks: without these settings they lead nowhere.
  const written = settingsFolder.writeInstance(settings);
  await place.writeMark(markText({ storageUid, slug, instanceId: settings.id, instanceUid: uid }));
  writeMarker(host, settingsFolder, workTree, slug);
  place.flush();
  host.files.flushDirectory(workTree);
  return { slug, id: settings.id, uid, root: place.root, workTree, settings: written };
}
