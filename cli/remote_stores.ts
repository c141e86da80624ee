import { LaminError } from "../store/errors.ts";
import type { Host } from "../store/host/host.ts";
import type { BlobStore } from "../store/objects/blob_store.ts";
import { withoutPassword } from "../store/without_password.ts";

/** Opens the store at the URL of a server or bucket, without asking it anything. */
export type RemoteStores = (host: Host, root: string) => BlobStore;

/** There is no way to servers and buckets yet. */
export const remoteStores: RemoteStores = (_host, root) => {
  throw new LaminError("denied", `the bytes lie in ${withoutPassword(root)}`, {
    hint: "this version reads storages on this machine only",
    data: { storage: withoutPassword(root) },
  });
};
