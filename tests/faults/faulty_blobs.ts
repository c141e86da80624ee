import { Instance } from "../../core/instance/instance.ts";
import { FileError } from "../../store/host/host.ts";
import type { BlobBatch, BlobReader, BlobStore } from "../../store/objects/blob_store.ts";
import { flip } from "./flip.ts";
import type { FaultyCalls } from "./fault.ts";

/**
 * Lets the stores of all instances go wrong as planned while `work` runs: what a remote store will
 * do, of which the files below it know nothing.
 */
export async function withFaultyBlobs<T>(
  calls: FaultyCalls,
  work: () => Promise<T>,
): Promise<T> {
  const original = Instance.prototype.blobsOf;
  Instance.prototype.blobsOf = function (storageId) {
    return faultyBlobs(original.call(this, storageId), calls);
  };
  try {
    return await work();
  } finally {
    Instance.prototype.blobsOf = original;
  }
}

function faultyBlobs(blobs: BlobStore, calls: FaultyCalls): BlobStore {
  const meet = (operation: string, name: string) => fail(calls, operation, name);
  return {
    kind: blobs.kind,
    sizes: async (names) => {
      meet("ask for the size of", names[0] ?? "nothing");
      return await blobs.sizes(names);
    },
    entry: async (name) => {
      meet("look at", name);
      return await blobs.entry(name);
    },
    open: async (name) => {
      meet("open", name);
      return faultyReader(await blobs.open(name), name, calls);
    },
    list: async function* (folder) {
      meet("list", folder);
      yield* blobs.list(folder);
    },
    entries: async (folder) => {
      meet("list", folder);
      return await blobs.entries(folder);
    },
    remove: async (names) => {
      meet("remove", names[0] ?? "nothing");
      await blobs.remove(names);
    },
    move: async (from, to) => {
      meet("move", from);
      return await blobs.move(from, to);
    },
    locate: (name) => blobs.locate(name),
    batch: () => faultyBatch(blobs.batch(), calls),
    unfinished: async () => {
      meet("list", "unfinished additions");
      return await blobs.unfinished();
    },
  };
}

function faultyReader(reader: BlobReader, name: string, calls: FaultyCalls): BlobReader {
  return {
    size: reader.size,
    read: async (offset, length, buffer) => {
      const effect = calls.meet("blobRead", name);
      if (effect !== undefined && "fails" in effect) {
        throw new FileError(effect.fails, "read", name);
      }
      const bytes = await reader.read(offset, length, buffer);
      if (effect?.gives === "early end") return bytes.subarray(0, bytes.length >> 1);
      if (effect?.gives === "flipped bit") flip(bytes, calls);
      return bytes;
    },
    close: () => reader.close(),
  };
}

/** What is staged goes through the files, which have faults of their own. */
function faultyBatch(batch: BlobBatch, calls: FaultyCalls): BlobBatch {
  return {
    create: () => {
      fail(calls, "create", "a staged blob");
      return batch.create();
    },
    copyOf: (path) => {
      fail(calls, "copy", path);
      return batch.copyOf(path);
    },
    linkOf: (path) => {
      fail(calls, "link", path);
      return batch.linkOf(path);
    },
    name: (staged, name) => {
      fail(calls, "name", name);
      return batch.name(staged, name);
    },
    alias: (existing, name) => {
      fail(calls, "link", name);
      batch.alias(existing, name);
    },
    drop: (staged) => batch.drop(staged),
    publish: async (leaveOut) => {
      fail(calls, "publish", "staged blobs");
      await batch.publish(leaveOut);
    },
    discard: () => batch.discard(),
  };
}

function fail(calls: FaultyCalls, operation: string, name: string): void {
  const effect = calls.meet("blob", name);
  if (effect !== undefined && "fails" in effect) throw new FileError(effect.fails, operation, name);
}
