import {
  bringLogIn,
  createDatabase,
  removeDatabase,
} from "../../store/database/create_database.ts";
import type { Writer } from "../../store/database/database.ts";
import { createStatements } from "../../store/database/sqlite_ddl.ts";
import { LaminError } from "../../store/errors.ts";
import { FileError, type Hashing, type Host } from "../../store/host/host.ts";
import { makeFolderOnce } from "../../store/host/shared_access.ts";
import { dirname, join } from "../../store/path.ts";
import { sideTables } from "../side_tables.ts";
import type { CreateRequest } from "./create.ts";
import { insertDefaultRows } from "./default_rows.ts";
import { type InstanceSettings, SettingsFolder } from "./settings.ts";
import { newDatabasePath } from "./unfinished.ts";

/** What the rows of a new instance say of it. */
export interface Made {
  readonly settings: InstanceSettings;
  readonly uid: string;
  readonly storageUid: string;
  /** local, s3 or gs. */
  readonly storageType: string;
}

/** Where the database of a storage root is. */
export function databasePath(root: string): string {
  return join(root, ".lamindb", "lamin.db");
}

/**
 * Makes the database of an instance, durable under its name. Returns the path of a second name that
 * it has until the instance is complete; `undefined` where files have no second names.
 *
 * Throws code "conflict" when another process that makes an instance here was faster.
 */
export async function makeDatabase(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  made: Made,
): Promise<string | undefined> {
  const path = databasePath(made.settings.storageRoot);
  makeFolderOnce(host.files, dirname(path));
  const temporary = newDatabasePath(host, made.settings.storageRoot);
  await buildDatabase(host, hashing, request, made, temporary, path);
  const isLinked = claimPlace(host, temporary, path);
  try {
    host.files.flushDirectory(dirname(path));
  } catch (error) {
    for (const name of [path, temporary]) removeDatabase(host, name);
    throw error;
  }
  return isLinked ? temporary : undefined;
}

/**
 * Makes a database file with all tables and first rows; nothing beside it belongs to it then.
 * `finalPath` is the name that it will get.
 */
export async function buildDatabase(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  made: Made,
  path: string,
  finalPath?: string,
): Promise<void> {
  const database = createDatabase(host, {
    path,
    ...(finalPath === undefined ? {} : { finalPath }),
  });
  try {
    try {
      await database.write((writer) => fillDatabase(host, hashing, request, made, writer));
    } finally {
      await database.close();
    }
    bringLogIn(host, path);
  } catch (error) {
    removeDatabase(host, path);
    throw error;
  }
}

async function fillDatabase(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  { settings: { storageRoot: root, modules }, uid, storageUid, storageType: type }: Made,
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
    storage: { uid: storageUid, root, type, region: null, instanceUid: uid },
    modules: request.cloneOf === undefined
      ? request.knownModules.filter((module) => modules.includes(module.name))
      : [],
    knownModules: request.knownModules,
    now: host.now(),
  });
}

/**
 * Gives the new database its name, unless another process that makes an instance here was faster: a
 * second name for the file, unlike a new one, never takes the place of another file. False when it
 * has but that name.
 */
export function claimPlace(host: Host, temporary: string, path: string): boolean {
  try {
    host.files.hardLink(temporary, path);
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isTaken = host.files.lstat(path) !== null;
    if (isTaken) {
      host.files.remove(temporary);
      throw alreadyThere(dirname(dirname(path)));
    }
    host.files.rename(temporary, path); // the file system has no such names
    return false;
  }
}

/** Says that there is an instance in a folder, where none may be. */
export function alreadyThere(root: string): LaminError {
  return new LaminError(
    "conflict",
    `there is already an instance in ${root}; it was left as it is`,
    {
      hint: "'lamin info' shows it; 'lamin connect' makes Python find it",
      data: { path: root },
    },
  );
}
