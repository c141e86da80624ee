import { LaminError } from "../../store/errors.ts";
import { removeDatabase } from "../../store/database/create_database.ts";
import { FileError, type Hashing, type Host } from "../../store/host/host.ts";
import { dirname, resolve } from "../../store/path.ts";
import { randomBase62 } from "../identity/base62.ts";
import { instanceId, instanceUid } from "../identity/instance_id.ts";
import type { Module } from "../module.ts";
import type { Registry } from "../registry/registry.ts";
import { alreadyThere, databasePath, makeDatabase } from "./new_database.ts";
import { locationIn } from "./find.ts";
import {
  checkedModules,
  defaultName,
  folderPath,
  refuseNested,
  requireName,
  writeMarker,
} from "./new_place.ts";
import { markText, readMark, removeMark, writeMark } from "./mark.ts";
import type { OpenRemote } from "./reach.ts";
import { remoteSchemeOf } from "./remote_root.ts";
import { type InstanceSettings, SettingsFolder, slugOf } from "./settings.ts";
import { removeNewDatabases, unfinishedStorage } from "./unfinished.ts";

/** What `lamin init` can be told. */
export interface CreateRequest {
  /** Folder of the work tree, relative to the working directory. */
  readonly folder: string;
  /** Folder or bucket for the bytes and the database; the work tree itself unless given. */
  readonly storage?: string;
  /** URL of an empty Postgres database that is to hold the rows. */
  readonly databaseUrl?: string;
  readonly name?: string;
  /** Modules that are switched on. */
  readonly modules: readonly string[];
  /**
   * All modules that this program has; their tables are always made, as in Python's SQLite
   * instances.
   */
  readonly knownModules: readonly Module[];
  readonly registries: readonly Registry[];
  readonly openRemote: OpenRemote;
  /**
   * Id of the instance that this one is to be a clone of: then its own id follows from that too, as
   * two instances of one name must not be taken for one, and modules bring no first rows.
   */
  readonly cloneOf?: string;
}

/** The id of an instance to be made (COMPAT §1.4). */
export function newInstanceId(
  hashing: Hashing,
  { cloneOf }: Pick<CreateRequest, "cloneOf">,
  slug: string,
  root: string,
): string {
  return instanceId(hashing, cloneOf === undefined ? slug : `${slug} of ${cloneOf} in ${root}`);
}

export interface CreatedInstance {
  readonly slug: string;
  readonly id: string;
  readonly uid: string;
  readonly root: string;
  readonly workTree: string;
  /** The settings file by which Python finds it; null where it may not be written. */
  readonly settings: string | null;
}

/**
 * Makes an instance that Python LaminDB 2.12 accepts (COMPAT §15). The database is made beside its
 * place and gets its name when it is complete; then the marks follow by which Python finds it. An
 * instance of this name that lacks marks, as its `init` died, gets them. Settings, which nothing
 * but Python needs, are written where that may be done: services have homes that are not there.
 *
 * Throws code "conflict" when there is an instance already, or when the slug belongs to another
 * one.
 */
export async function createInstance(host: Host, request: CreateRequest): Promise<CreatedInstance> {
  const { databaseUrl } = request;
  if (databaseUrl !== undefined) {
    const { createOnServer } = await import("./create_on_server.ts");
    return await createOnServer(host, { ...request, databaseUrl });
  }
  const { storage } = request;
  if (storage !== undefined && remoteSchemeOf(storage) !== undefined) {
    const { createInBucket } = await import("./create_in_bucket.ts");
    return await createInBucket(host, { ...request, storage });
  }
  const modules = checkedModules(request);
  const workTree = folderPath(host, resolve(host.workingDirectory(), request.folder));
  const root = request.storage === undefined
    ? workTree
    : folderPath(host, resolve(host.workingDirectory(), request.storage));
  const settingsFolder = new SettingsFolder(host);
  const { handle: owner } = settingsFolder.currentUser();
  const name = request.name ?? defaultName(root, workTree);
  const hashing = await host.hashing();
  const id = newInstanceId(hashing, request, `${owner}/${name}`, root);
  const uid = instanceUid(hashing, id);
  const begun = await unfinishedStorage(host, root, uid);
  refuseHarm(host, settingsFolder, root, owner, name, begun !== undefined);
  for (const folder of [workTree, root]) host.files.makeDirectory(folder, { recursive: true });
  const settings = { owner, name, storageRoot: root, databaseUrl: undefined, modules, id };
  const storageUid = begun ?? randomBase62(host, 12);
  const made = { settings, uid, storageUid, storageType: "local" };
  const temporary = begun === undefined
    ? await makeDatabase(host, hashing, request, made)
    : undefined;
  const mark = markText({ storageUid, slug: slugOf(settings), instanceId: id, instanceUid: uid });
  try {
    writeMark(host, root, mark);
    writeMarker(host, settingsFolder, workTree, slugOf(settings));
  } catch (error) {
    if (temporary !== undefined) takeBack(host, root, temporary);
    throw error;
  }
  const written = writeSettings(settingsFolder, settings);
  // Last of all: as long as this name is there, others know that something may be missing.
  removeNewDatabases(host, root, temporary);
  for (const folder of [root, workTree, dirname(root)]) host.files.flushDirectory(folder);
  return { slug: slugOf(settings), id, uid, root, workTree, settings: written };
}

/** An instance without its marks is none for Python; without anything, it can be made again. */
function takeBack(host: Host, root: string, temporary: string): void {
  const works = [
    () => removeDatabase(host, databasePath(root)),
    () => removeMark(host, root),
    () => removeNewDatabases(host, root, temporary),
  ];
  for (const work of works) {
    try {
      work();
    } catch (error) {
      // What went wrong before says more, and the next attempt goes on from what is left.
      if (!(error instanceof FileError)) throw error;
    }
  }
}

function writeSettings(folder: SettingsFolder, settings: InstanceSettings): string | null {
  try {
    return folder.writeInstance(settings);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

function refuseHarm(
  host: Host,
  settingsFolder: SettingsFolder,
  root: string,
  owner: string,
  name: string,
  isBegun: boolean,
): void {
  requireName(name);
  const isThere = locationIn(host, root) !== undefined || readMark(host, root) !== undefined;
  if (isThere && !isBegun) throw alreadyThere(root);
  refuseNested(host, root);
  const known = settingsFolder.instance(owner, name);
  if (known !== undefined && known.storageRoot !== root && locationIn(host, known.storageRoot)) {
    throw new LaminError("conflict", `${owner}/${name} is the instance in ${known.storageRoot}`, {
      hint: "choose another name with --name",
      data: { slug: `${owner}/${name}` },
    });
  }
}
