import { LaminError } from "../../store/errors.ts";
import {
  bringLogIn,
  createDatabase,
  removeDatabase,
} from "../../store/database/create_database.ts";
import type { Writer } from "../../store/database/database.ts";
import { createStatements } from "../../store/database/sqlite_ddl.ts";
import { FileError, type Hashing, type Host } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { allowAsFolder, makeFolderOnce } from "../../store/host/shared_access.ts";
import { basename, dirname, join, resolve } from "../../store/path.ts";
import { randomBase62 } from "../identity/base62.ts";
import { instanceId, instanceUid } from "../identity/instance_id.ts";
import type { Module } from "../module.ts";
import type { Registry } from "../registry/registry.ts";
import { sideTables } from "../side_tables.ts";
import { insertDefaultRows } from "./default_rows.ts";
import { locationIn } from "./find.ts";
import { markText, readMark, removeMark, writeMark } from "./mark.ts";
import { type InstanceSettings, SettingsFolder, slugOf } from "./settings.ts";
import { isNewName } from "./slug_part.ts";

/** What `lamin init` can be told. */
export interface CreateRequest {
  /** Folder of the work tree, relative to the working directory. */
  readonly folder: string;
  /** Folder that holds the database and the bytes; the work tree itself unless given. */
  readonly storage?: string;
  readonly name?: string;
  /** Modules that are switched on. */
  readonly modules: readonly string[];
  /**
   * All modules that this program has; their tables are always made, as in Python's SQLite
   * instances.
   */
  readonly knownModules: readonly Module[];
  readonly registries: readonly Registry[];
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
 * place and renamed into it last, so that a crash leaves no half instance. Settings, which nothing
 * but Python needs, are written where that may be done: services have homes that are not there.
 *
 * Throws code "conflict" when there is an instance already, or when the slug belongs to another
 * one.
 */
export async function createInstance(host: Host, request: CreateRequest): Promise<CreatedInstance> {
  const modules = checkedModules(request);
  const workTree = folderPath(host, resolve(host.workingDirectory(), request.folder));
  const root = request.storage === undefined
    ? workTree
    : folderPath(host, resolve(host.workingDirectory(), request.storage));
  const settingsFolder = new SettingsFolder(host);
  const { handle: owner } = settingsFolder.currentUser();
  const name = request.name ?? defaultName(root, workTree);
  refuseHarm(host, settingsFolder, root, owner, name);
  for (const folder of [workTree, root]) host.files.makeDirectory(folder, { recursive: true });
  const hashing = await host.hashing();
  const id = instanceId(hashing, `${owner}/${name}`);
  const settings = { owner, name, storageRoot: root, databaseUrl: undefined, modules, id };
  const uid = instanceUid(hashing, id);
  const storageUid = randomBase62(host, 12);
  await makeDatabase(host, hashing, request, { settings, uid, storageUid });
  const mark = markText({ storageUid, slug: slugOf(settings), instanceId: id, instanceUid: uid });
  try {
    writeMark(host, root, mark);
    writeMarker(host, settingsFolder, workTree, slugOf(settings));
  } catch (error) {
    takeBack(host, root);
    throw error;
  }
  const written = writeSettings(settingsFolder, settings);
  return { slug: slugOf(settings), id, uid, root, workTree, settings: written };
}

/** An instance without its marks is none for Python; without anything, it can be made again. */
function takeBack(host: Host, root: string): void {
  removeMark(host, root);
  removeDatabase(host, join(root, ".lamindb", databaseName));
}

function writeSettings(folder: SettingsFolder, settings: InstanceSettings): string | null {
  try {
    return folder.writeInstance(settings);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

function checkedModules({ modules, knownModules }: CreateRequest): readonly string[] {
  const names = knownModules.map((module) => module.name);
  const unknown = modules.find((name) => !names.includes(name));
  if (unknown === undefined) return [...new Set(modules)];
  throw new LaminError("usage", `there is no module '${unknown}'`, {
    hint: `modules: ${names.join(", ")}`,
    data: { module: unknown },
  });
}

/** The absolute path, links followed, of a folder that exists or is to be made. */
function folderPath(host: Host, path: string): string {
  const stat = host.files.stat(path);
  if (stat === null && host.files.lstat(path) !== null) {
    throw new LaminError("conflict", `${path} is a link that leads nowhere`, { data: { path } });
  }
  if (stat === null) return join(folderPath(host, dirname(path)), basename(path));
  if (stat.kind === "directory") return host.files.realPath(path);
  throw new LaminError("conflict", `${path} is not a folder`, { data: { path } });
}

/** Python takes the folder's name, in lower case; for a folder called `storage` the project's. */
function defaultName(root: string, workTree: string): string {
  const own = basename(root) === "storage" ? basename(workTree) : basename(root);
  return own.toLowerCase() || "instance";
}

function refuseHarm(
  host: Host,
  settingsFolder: SettingsFolder,
  root: string,
  owner: string,
  name: string,
): void {
  if (!isNewName(name)) {
    throw new LaminError("usage", `'${name}' cannot be the name of an instance`, {
      hint: "use letters, digits, '-', '_' and '.', for example --name atlas",
    });
  }
  if (locationIn(host, root) !== undefined || readMark(host, root) !== undefined) {
    throw alreadyThere(root);
  }
  const outer = instanceAbove(host, root);
  if (outer !== undefined) {
    throw new LaminError(
      "conflict",
      `${root} lies inside the storage of the instance in ${outer}`,
      {
        hint: "make the new instance beside it",
        data: { path: outer },
      },
    );
  }
  const known = settingsFolder.instance(owner, name);
  if (known !== undefined && known.storageRoot !== root && locationIn(host, known.storageRoot)) {
    throw new LaminError("conflict", `${owner}/${name} is the instance in ${known.storageRoot}`, {
      hint: "choose another name with --name",
      data: { slug: `${owner}/${name}` },
    });
  }
}

function alreadyThere(root: string): LaminError {
  return new LaminError(
    "conflict",
    `there is already an instance in ${root}; it was left as it is`,
    {
      hint: "'lamin info' shows it; 'lamin connect' makes Python find it",
      data: { path: root },
    },
  );
}

/** Nested storages would hold the same files under two roots. */
function instanceAbove(host: Host, root: string): string | undefined {
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    if (locationIn(host, folder) !== undefined) return folder;
  }
  return undefined;
}

const databaseName = "lamin.db";

/** What the rows of a new instance say of it. */
interface Made {
  readonly settings: InstanceSettings;
  readonly uid: string;
  readonly storageUid: string;
}

async function fillDatabase(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  { settings: { storageRoot: root, modules }, uid, storageUid }: Made,
  writer: Writer,
): Promise<void> {
  const md5 = (bytes: Uint8Array) => {
    const hasher = hashing.create("md5");
    hasher.update(bytes);
    return hasher.digest();
  };
  await writer.script(createStatements([...request.registries, ...sideTables], md5));
  await insertDefaultRows(writer, {
    user: new SettingsFolder(host).currentUser(),
    storage: { uid: storageUid, root, type: "local", region: null, instanceUid: uid },
    modules: request.knownModules.filter((module) => modules.includes(module.name)),
    knownModules: request.knownModules,
    now: host.now(),
  });
}

async function makeDatabase(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  made: Made,
): Promise<void> {
  const root = made.settings.storageRoot;
  const folder = join(root, ".lamindb");
  makeFolderOnce(host.files, folder);
  const temporary = join(folder, `new-${host.randomBytes(4).toHex()}.db`);
  const database = createDatabase(host, { path: temporary, finalPath: join(folder, databaseName) });
  try {
    try {
      await database.write((writer) => fillDatabase(host, hashing, request, made, writer));
    } finally {
      await database.close();
    }
    bringLogIn(host, temporary);
  } catch (error) {
    removeDatabase(host, temporary);
    throw error;
  }
  claimPlace(host, temporary, root);
  host.files.flushDirectory(folder);
}

/**
 * Gives the new database its name, unless another process that makes an instance here was faster:
 * a second name for the file, unlike a new one, never takes the place of another file.
 */
function claimPlace(host: Host, temporary: string, root: string): void {
  const path = join(root, ".lamindb", databaseName);
  try {
    host.files.hardLink(temporary, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isTaken = host.files.lstat(path) !== null;
    if (!isTaken) return host.files.rename(temporary, path); // the file system has no such names
    host.files.remove(temporary);
    throw alreadyThere(root);
  }
  host.files.remove(temporary);
}

/** LaminDB's marker, by which Python finds the instance from the work tree. */
function writeMarker(host: Host, settings: SettingsFolder, workTree: string, slug: string): void {
  makeFolderOnce(host.files, join(workTree, ".lamin"));
  const path = join(workTree, ".lamin", settings.markerName);
  replaceFile(host, path, new TextEncoder().encode(slug));
  allowAsFolder(host.files, path, 0o666);
}
