import { LaminError } from "../../errors.ts";
import { FileError, type Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { pauseFor } from "../../pause.ts";
import { bringLogIn } from "../create_database.ts";
import type { Database, Dialect, Reader, Writer } from "../database.ts";
import { leaveLog } from "../locks_work.ts";
import type { LockFolder } from "../lock_folder.ts";
import { openSqlite } from "../sqlite.ts";
import { busyTimeoutMs } from "../sqlite_connection.ts";
import { databaseName } from "./database_name.ts";
import type { LocalVersions } from "./local_versions.ts";
import type { SharedLock } from "./shared_lock.ts";
import type { VersionedBlobs } from "../../objects/versioned_blobs.ts";

/** Where the database lies, and what this machine has for it. */
export interface BucketParts {
  readonly host: Host;
  /** The root in the bucket, for people. */
  readonly root: string;
  readonly blobs: VersionedBlobs;
  readonly versions: LocalVersions;
  /** Keeps processes of this machine apart. */
  readonly lock: LockFolder;
  /** Keeps machines apart, and Python; undefined where the instance has no id to lock it by. */
  readonly sharedLock: SharedLock | undefined;
  readonly readOnly: boolean;
}

/**
 * A SQLite file that lies in a bucket. It is read from a copy of one version on this machine. A
 * transaction works on a further copy, which then takes the place of the version that it came from
 * by a conditional PUT: what others see is the old state or the new one, and nobody's change is
 * overwritten. Locks keep the work of several from being in vain; nothing rests on them but what
 * Python does, which knows no conditions.
 */
export class BucketDatabase implements Database {
  #local: Database;
  #etag: string;
  #views: ReadonlyMap<string, string> | undefined;

  private constructor(private readonly parts: BucketParts, local: Database, etag: string) {
    this.#local = local;
    this.#etag = etag;
  }

  /** Throws code "no_instance" when there is no database, "damaged" when it is none of SQLite. */
  static async open(parts: BucketParts): Promise<BucketDatabase> {
    const { local, etag } = await newest(parts);
    return new BucketDatabase(parts, local, etag);
  }

  get dialect(): Dialect {
    return this.#local.dialect;
  }

  get readOnly(): boolean {
    return this.parts.readOnly;
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#local.read(work);
  }

  async write<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    const { lock, sharedLock, readOnly, root } = this.parts;
    if (readOnly) throw new LaminError("denied", `${root} was opened for reading only`);
    if (sharedLock === undefined) throw withoutMark(root);
    lock.make();
    const letGo = lock.acquire(busyTimeoutMs);
    try {
      await this.#requireConditions();
      return await sharedLock.holding(async () => {
        await this.#refresh();
        return await this.#writeAlone(work);
      });
    } finally {
      letGo();
    }
  }

  get fixedFile(): string | undefined {
    return this.#local.fixedFile;
  }

  /** What was opened never changes, and the next version has another etag. */
  stamp(): string {
    return this.#etag;
  }

  stampAfterWrite(): Promise<string> {
    return Promise.resolve(this.#etag);
  }

  async shadow(views: ReadonlyMap<string, string>): Promise<void> {
    this.#views = views;
    await this.#local.shadow(views);
  }

  check(): Promise<string[]> {
    return this.#local.check();
  }

  close(): Promise<void> {
    return this.#local.close();
  }

  /** Asked once on each machine. */
  async #requireConditions(): Promise<void> {
    const { host, blobs, versions } = this.parts;
    const note = join(versions.folder, "keeps-conditions");
    if (host.files.stat(note) !== null) return;
    await blobs.requireConditions(databaseName);
    host.files.writeFile(note, new Uint8Array());
  }

  async #refresh(): Promise<void> {
    const there = await this.parts.blobs.look(databaseName);
    if (there?.etag === this.#etag) return;
    const { local, etag } = await newest(this.parts);
    await this.#replaceLocal(local, etag);
  }

  async #replaceLocal(local: Database, etag: string): Promise<void> {
    await this.#local.close();
    this.#local = local;
    this.#etag = etag;
    if (this.#views !== undefined) await local.shadow(this.#views);
  }

  async #writeAlone<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    const { host, versions } = this.parts;
    const path = versions.temporary();
    try {
      host.files.copyFile(await versions.pathOf(this.#etag), path);
      const result = await changed(host, path, work);
      const etag = await this.#publish(path);
      const adopted = await versions.adopt(path, etag);
      await this.#replaceLocal(openVersion(host, adopted), etag);
      return result;
    } finally {
      versions.remove(path);
    }
  }

  /** Puts a file in the place of the version that was opened; gives its etag. */
  async #publish(path: string): Promise<string> {
    const { blobs, root } = this.parts;
    try {
      const etag = await blobs.replace(databaseName, { path }, this.#etag);
      if (etag !== undefined) return etag;
    } catch (error) {
      const etag = await this.#ownVersion(path).catch(() => undefined);
      if (etag === undefined) throw error;
      return etag;
    }
    const etag = await this.#ownVersion(path);
    if (etag === undefined) throw overtaken(root);
    return etag;
  }

  /**
   * The etag of what is there, if that is this file: an answer may have been lost on its way, and
   * the request that was sent again was refused since the first one had been carried out.
   */
  async #ownVersion(path: string): Promise<string | undefined> {
    const { host, blobs, versions } = this.parts;
    const there = await blobs.look(databaseName);
    if (there === undefined || there.etag === this.#etag) return undefined;
    if (there.size !== host.files.stat(path)?.size) return undefined;
    const fetched = await versions.fetch(blobs, there);
    const [own, other] = [path, fetched].map((one) => sha256Of(host, one));
    return await own === await other ? there.etag : undefined;
  }
}

/** Runs the transaction on a file that nobody else knows; all of it is in the file then. */
async function changed<T>(
  host: Host,
  path: string,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  host.files.setMode(path, 0o600);
  const database = openSqlite({ path, readOnly: false, isCache: true, now: () => host.now() });
  try {
    return await database.write(work);
  } finally {
    await database.close();
    bringLogIn(host, path);
    // Python sends the file alone while it has it open: a log beside it would be left behind.
    leaveLog(path);
  }
}

const hashedBytes = 4 << 20;

async function sha256Of(host: Host, path: string): Promise<string> {
  const hasher = (await host.hashing()).create("sha256");
  const buffer = new Uint8Array(hashedBytes);
  const file = host.files.open(path, { read: true });
  try {
    for (let count = file.read(buffer); count > 0; count = file.read(buffer)) {
      hasher.update(buffer.subarray(0, count));
    }
  } finally {
    file.close();
  }
  return hasher.digest().toHex();
}

/** How often another version is tried when one vanished while it was fetched. */
const attempts = 5;

async function newest(parts: BucketParts): Promise<{ local: Database; etag: string }> {
  const { host, blobs, versions, root } = parts;
  for (let attempt = 1;; attempt++) {
    const there = await blobs.look(databaseName);
    if (there === undefined) throw noDatabase(root);
    try {
      const path = await versions.fetch(blobs, there);
      return { local: openVersion(host, path), etag: there.etag };
    } catch (error) {
      if (attempt === attempts || !isReplaced(error)) throw error;
      await pauseFor(attempt * 100);
    }
  }
}

/** Another version came while this one was fetched, or another process tidied up. */
function isReplaced(error: unknown): boolean {
  return error instanceof LaminError && ["conflict", "not_found"].includes(error.code) ||
    error instanceof FileError && error.code === "ENOENT";
}

function openVersion(host: Host, path: string): Database {
  return openSqlite({
    path,
    readOnly: true,
    isCache: true,
    parameters: "immutable=1",
    now: () => host.now(),
  });
}

function noDatabase(root: string): LaminError {
  return new LaminError("no_instance", `there is no instance in ${root}`, {
    hint: "its database would be '.lamindb/lamin.db' there; 'lamin init --storage' makes one",
    data: { root },
  });
}

function withoutMark(root: string): LaminError {
  return new LaminError("denied", `nothing says which instance is in ${root}`, {
    hint: "its '.lamindb/storage_uid.txt' is missing, so Python's lock on it cannot be heeded",
    data: { root },
  });
}

function overtaken(root: string): LaminError {
  return new LaminError("busy", `somebody else changed ${root} meanwhile`, {
    hint: "nothing of this command was recorded: run it again",
    data: { root },
  });
}
