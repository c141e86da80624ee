import { LaminError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { VersionedBlobs } from "./versioned_blobs.ts";

/**
 * The blobs of a bucket that can be replaced one version by the next. Throws code "usage" for a
 * root that is none, and as `openBlobStore`.
 */
export async function openVersionedBlobs(host: Host, root: string): Promise<VersionedBlobs> {
  if (/^(s3|gs):\/\//.test(root)) {
    return await (await import("./s3/open_versions.ts")).openS3Versions(host, root);
  }
  throw new LaminError("usage", `an instance cannot have its database in ${root}`, {
    hint: "a bucket can hold one: s3://bucket/folder or gs://bucket/folder",
    data: { root },
  });
}
