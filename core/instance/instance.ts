import { shownAddress } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import type { Database, Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import type { Host } from "../../store/host/host.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { DiskBlobStore } from "../../store/objects/disk.ts";
import { isAbsolute, join } from "../../store/path.ts";
import { WorkTree } from "../../store/work_tree.ts";
import type { storage } from "../registry/lamindb/storage.ts";
import type { InstanceLocation } from "./find.ts";
import type { StorageMark } from "./mark.ts";
import { type OpenRemote, requireNamedByUser } from "./reach.ts";
import { requireKnownSchema, type SchemaVersion } from "./schema_version.ts";
import type { SettingsFolder, UserSettings } from "./settings.ts";

export type StorageRow = RowOf<typeof storage>;

/** An instance that is open: its rows, its bytes, its work tree and who works on it. */
export class Instance {
  readonly host: Host;
  readonly location: InstanceLocation;
  readonly database: Database;
  readonly schema: SchemaVersion;
  readonly settings: SettingsFolder;
  readonly mark: StorageMark | undefined;
  readonly user: UserSettings;
  /** The user's files, which keys name relative to its root. */
  readonly workTree: WorkTree;
  /** Storage locations by row id; the instance's own comes with the root where it was found. */
  readonly storages: ReadonlyMap<number, StorageRow>;
  /** The location that new artifacts go to. */
  readonly storage: StorageRow;
  /** True when the storage's row still names another folder than the one it was found in. */
  readonly moved: boolean;
  /** The folder that the storage's row names. */
  readonly storedRoot: string;
  readonly #blobs = new Map<number, BlobStore>();
  readonly #openRemote: OpenRemote | undefined;

  constructor(parts: {
    host: Host;
    location: InstanceLocation;
    database: Database;
    schema: SchemaVersion;
    settings: SettingsFolder;
    mark: StorageMark | undefined;
    storages: readonly StorageRow[];
    /** Needed where a storage is not on this machine. */
    openRemote?: OpenRemote;
  }) {
    this.host = parts.host;
    this.location = parts.location;
    this.database = parts.database;
    this.schema = parts.schema;
    this.settings = parts.settings;
    this.mark = parts.mark;
    this.#openRemote = parts.openRemote;
    this.user = parts.settings.currentUser();
    this.workTree = new WorkTree(parts.host, parts.location.workTree);
    const own = ownStorage(parts.storages, parts.mark, parts.location.root);
    this.storedRoot = own.root;
    this.moved = own.root !== parts.location.root;
    this.storage = { ...own, root: parts.location.root };
    this.storages = new Map(
      parts.storages.map((row) => [row.id, row.id === own.id ? this.storage : row]),
    );
  }

  /** `owner/name`, as Python connects to it. */
  get slug(): string {
    return this.mark?.owner === undefined
      ? `${this.user.handle}/${this.location.root.split("/").at(-1)!.toLowerCase()}`
      : `${this.mark.owner}/${this.mark.name}`;
  }

  /** Bytes of the location that new artifacts go to. */
  get blobs(): BlobStore {
    return this.blobsOf(this.storage.id);
  }

  /**
   * Bytes of a storage location; nothing is asked of a server before the first call. Throws code
   * "denied" for a server or bucket that the user never named.
   */
  blobsOf(storageId: number): BlobStore {
    let blobs = this.#blobs.get(storageId);
    if (blobs !== undefined) return blobs;
    const root = this.storages.get(storageId)?.root;
    if (root === undefined) {
      throw new LaminError("denied", "the bytes lie in a storage that is not known", {
        hint: "'lamin fsck' lists every artifact of which that is so",
        data: { storage: storageId },
      });
    }
    blobs = isAbsolute(root) ? new DiskBlobStore(this.host, root) : this.#remote(root);
    this.#blobs.set(storageId, blobs);
    return blobs;
  }

  #remote(root: string): BlobStore {
    if (root !== this.location.root) requireNamedByUser(this.host, root);
    return this.#openRemote!(root);
  }

  /** File of the cache of this work tree's hashes. */
  get workIndexPath(): string {
    const { root, workTree } = this.location;
    return join(workTree, root === workTree ? ".lamindb/work_index.db" : ".lamin/work_index.db");
  }

  /**
   * Throws code "schema_unknown" or "denied" when nothing may be written to the rows, "failed" when
   * there is no room to.
   */
  requireWritable(): void {
    requireKnownSchema(this.schema);
    if (this.database.whyReadOnly !== undefined) throw this.database.whyReadOnly;
    if (this.database.readOnly) {
      throw new LaminError(
        "denied",
        `you may not write to ${shownAddress(this.location.database)}`,
        {
          hint: "ask its owner for write access; everything that reads works",
        },
      );
    }
  }

  /** Whether the side tables are there; a database that only Python wrote has none. */
  async hasSideTables(reader: Reader): Promise<boolean> {
    return await reader.hasTable("lamin_change");
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}

/** The row of the storage that holds the database: by its mark, by its root, or the first. */
function ownStorage(
  rows: readonly StorageRow[],
  mark: StorageMark | undefined,
  root: string,
): StorageRow {
  const own = rows.find((row) => row.uid === mark?.storageUid) ??
    rows.find((row) => row.root === root) ?? rows[0];
  if (own === undefined) {
    throw new LaminError("damaged", "the database has no storage row", {
      hint: "it was not made by LaminDB or lamin to its end; make the instance anew",
    });
  }
  return own;
}
