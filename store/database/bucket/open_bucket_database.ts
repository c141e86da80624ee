import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { openVersionedBlobs } from "../../objects/open_versioned_blobs.ts";
import { join } from "../../path.ts";
import type { Database } from "../database.ts";
import { LockFolder } from "../lock_folder.ts";
import { BucketDatabase } from "./bucket_database.ts";
import { LocalVersions } from "./local_versions.ts";
import { SharedLock } from "./shared_lock.ts";

export interface BucketPlace {
  /** The storage root, as LaminDB writes it. */
  readonly root: string;
  /** Absolute path of a folder of this user's for copies of databases; made when needed. */
  readonly folder: string;
  /** The instance's id in hex, which Python's lock is named after, where it is known. */
  readonly instanceId: string | undefined;
  readonly readOnly: boolean;
}

/**
 * Opens the SQLite database of an instance in a bucket. Throws code "no_instance" when there is
 * none, and what the server makes of the user's keys.
 */
export async function openBucketDatabase(host: Host, place: BucketPlace): Promise<Database> {
  const { root, instanceId, readOnly } = place;
  const blobs = await openVersionedBlobs(host, root);
  const versions = await versionsOf(host, place);
  host.files.makeDirectory(versions.folder, { recursive: true });
  const machine = await nameHere(host, versions.folder);
  return await BucketDatabase.open({
    host,
    root,
    blobs,
    versions,
    lock: new LockFolder(host, join(versions.folder, "lock")),
    sharedLock: instanceId === undefined ? undefined : new SharedLock(blobs, instanceId, machine),
    readOnly,
  });
}

/**
 * Puts a new database, a local file, into a bucket that has none. Throws code "conflict" when it
 * has one.
 */
export async function putNewDatabase(host: Host, root: string, path: string): Promise<void> {
  const { databaseName } = await import("./database_name.ts");
  const blobs = await openVersionedBlobs(host, root);
  await blobs.requireConditions(databaseName);
  if (await blobs.replace(databaseName, { path }, null) !== undefined) return;
  throw new LaminError("conflict", `there is already an instance in ${root}`, {
    hint: `'lamin connect ${root}' uses it`,
    data: { root },
  });
}

async function versionsOf(host: Host, { folder, root }: BucketPlace): Promise<LocalVersions> {
  return new LocalVersions(host, join(folder, await shortHash(host, root)));
}

/** The same for all commands that use one folder: they keep each other apart by a lock in it. */
async function nameHere(host: Host, folder: string): Promise<string> {
  return await shortHash(host, `${host.hostName()} ${folder}`);
}

async function shortHash(host: Host, text: string): Promise<string> {
  const { digest } = await host.hashing();
  return digest("sha256", new TextEncoder().encode(text)).toHex().slice(0, 16);
}
