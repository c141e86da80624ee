import type { Host } from "../../store/host/host.ts";
import { makeFolderOnce } from "../../store/host/shared_access.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { dirname, join, resolve } from "../../store/path.ts";
import { LaminError } from "../../store/errors.ts";
import { canBeWritten, storageRoot, storageType } from "../storage/storage_root.ts";
import { readMarkIn, writeMarkIn } from "../storage/stored_mark.ts";
import { locationIn } from "./find.ts";
import { readMark, type StorageMark, writeMark } from "./mark.ts";
import { folderPath, refuseNested } from "./new_place.ts";
import type { OpenRemote } from "./reach.ts";
import { remoteSchemeOf } from "./remote_root.ts";

/** Where the bytes of a new instance are to lie: a folder of this machine, or a bucket. */
export interface BytesPlace {
  readonly root: string;
  /** local, s3 or gs, as LaminDB calls the kind. */
  readonly type: string;
  readMark(): Promise<StorageMark | undefined>;
  /** Whether a database of SQLite lies in it. */
  hasDatabase(): Promise<boolean>;
  /** Makes it, so that it can be written to. */
  make(): void;
  /** Writes the mark where there is none; gives the one that is there then. */
  writeMark(text: string): Promise<StorageMark>;
  /** Makes the names in it survive a power loss. */
  flush(): void;
}

/**
 * The place that a person names, relative to the working directory. Throws code "usage" for a kind
 * that cannot be written to, "conflict" for what is no folder or lies in another instance.
 */
export function bytesPlace(host: Host, named: string, openRemote: OpenRemote): BytesPlace {
  if (remoteSchemeOf(named) !== undefined) return bucketPlace(storageRoot(host, named), openRemote);
  const root = folderPath(host, resolve(host.workingDirectory(), named));
  refuseNested(host, root);
  return localPlace(host, root);
}

function localPlace(host: Host, root: string): BytesPlace {
  return {
    root,
    type: "local",
    readMark: () => Promise.resolve(readMark(host, root)),
    hasDatabase: () => Promise.resolve(locationIn(host, root) !== undefined),
    make() {
      host.files.makeDirectory(root, { recursive: true });
      makeFolderOnce(host.files, join(root, ".lamindb"));
    },
    // deno-lint-ignore require-await -- a bucket has to be asked
    async writeMark(text) {
      writeMark(host, root, text);
      return readMark(host, root)!;
    },
    flush() {
      for (const folder of [root, dirname(root)]) host.files.flushDirectory(folder);
    },
  };
}

function bucketPlace(root: string, openRemote: OpenRemote): BytesPlace {
  if (!canBeWritten(root)) {
    throw new LaminError("usage", `${root} can only be read`, {
      hint: "an instance needs a folder, s3://bucket/folder or gs://bucket/folder",
      data: { root },
    });
  }
  const blobs: BlobStore = openRemote(root);
  return {
    root,
    type: storageType(root),
    readMark: () => readMarkIn(blobs),
    hasDatabase: async () => await blobs.entry(".lamindb/lamin.db") !== undefined,
    make() {}, // a bucket has no folders
    writeMark: (text) => writeMarkIn(blobs, text),
    flush() {}, // what it says it has, it keeps
  };
}
