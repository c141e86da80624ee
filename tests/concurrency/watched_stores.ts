import { type RemoteStores, remoteStores } from "../../cli/remote_stores.ts";
import type { BlobBatch, BlobStore } from "../../store/objects/blob_store.ts";

/** A call of a store on a server, or of a batch for one. */
export interface StoreCall {
  readonly kind: keyof BlobStore | keyof BlobBatch;
  /** The root of the storage. */
  readonly root: string;
  /** The texts that it is given: names of blobs, of files that are staged. */
  readonly names: readonly string[];
}

export interface StoreWatcher {
  readonly before?: (call: StoreCall) => void;
  /** Called when the call has come to its end. */
  readonly after?: (call: StoreCall) => void;
}

/** The stores on servers that the program has, which tell of every call. */
export function watchedStores(watcher: StoreWatcher): RemoteStores {
  return (host, root) => watched(remoteStores(host, root), root, watcher);
}

function watched<T extends BlobStore | BlobBatch>(
  inner: T,
  root: string,
  watcher: StoreWatcher,
): T {
  return new Proxy(inner, {
    get(target, kind) {
      const member = Reflect.get(target, kind, target);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const names = given.flat().filter((one) => typeof one === "string");
        const call = { kind: kind as StoreCall["kind"], root, names };
        watcher.before?.(call);
        const result = member.apply(target, given);
        if (kind === "batch") return watched(result as BlobBatch, root, watcher);
        if (!(result instanceof Promise)) return watcher.after?.(call), result;
        return result.then((value) => (watcher.after?.(call), value));
      };
    },
  });
}
