import { LaminError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { isAbsolute, join } from "../path.ts";
import { withoutPassword } from "../without_password.ts";
import type { BlobStore } from "./blob_store.ts";
import { DiskBlobStore } from "./disk.ts";
import { RemoteBlobStore } from "./remote/remote_store.ts";
import { hashedPartSize } from "./s3/part_size.ts";

/** What a store on a server needs of this machine. */
export interface RemoteOptions {
  /** Absolute path of the user's folder for what is under way to servers; made when needed. */
  readonly folder: string;
}

/**
 * The store of a storage root as LaminDB writes it: an absolute path, `s3://bucket/folder` with
 * `?endpoint_url=` for a server that is not AWS's, `gs://bucket/folder`, `http(s)://host/folder`,
 * `hf://owner/repository`. Nothing is asked of a server, and none of its code loaded, before the
 * first call. The root has to come from the user: it says which server gets to see the user's keys.
 *
 * Throws code "usage" for any other root.
 */
export function openBlobStore(host: Host, root: string, { folder }: RemoteOptions): BlobStore {
  if (isAbsolute(root)) return new DiskBlobStore(host, root);
  const scheme = /^([a-z0-9]+):\/\//.exec(root)?.[1];
  const local = join(folder, encodeURIComponent(withoutSecrets(root)).slice(0, 200));
  switch (scheme) {
    case "s3":
    case "gs":
      return new RemoteBlobStore(host, "s3", local, async () => {
        return await (await import("./s3/open_s3.ts")).openS3(host, root, local);
      }, scheme === "s3" ? hashedPartSize : undefined); // Google is sent no digests of parts
    case "http":
    case "https":
    case "hf":
      return new RemoteBlobStore(host, "http", local, async () => {
        return (await import("./http/open_http.ts")).openHttp(host, root);
      });
  }
  throw new LaminError("usage", `${JSON.stringify(withoutSecrets(root))} is no place for data`, {
    hint:
      "name a folder, or s3://bucket, gs://bucket, https://host/folder or hf://owner/repository",
    data: { root: withoutSecrets(root) },
  });
}

/** Addresses of http may hold a password, or a query that is one. */
function withoutSecrets(root: string): string {
  const isBucket = /^(s3|gs):/.test(root);
  return withoutPassword(isBucket ? root : root.replace(/[?#].*$/s, ""));
}
