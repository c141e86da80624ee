import { defaultCacheFolder } from "../core/cache/open_cache.ts";
import type { Host } from "../store/host/host.ts";
import type { BlobStore } from "../store/objects/blob_store.ts";
import { openBlobStore } from "../store/objects/open_blob_store.ts";
import { join } from "../store/path.ts";

/** Opens the store at the URL of a server or bucket, without asking it anything. */
export type RemoteStores = (host: Host, root: string) => BlobStore;

/** Those that this program has. */
export const remoteStores: RemoteStores = (host, root) =>
  openBlobStore(host, root, { folder: join(defaultCacheFolder(host), "transfers") });
