import type { Host } from "../../host/host.ts";
import type { VersionedBlobs } from "../versioned_blobs.ts";
import { s3ClientFor } from "./open_s3.ts";
import { S3Versions } from "./s3_versions.ts";

/** The versioned blobs of a root in a bucket. Throws as `openS3`. */
export async function openS3Versions(host: Host, root: string): Promise<VersionedBlobs> {
  return new S3Versions(host, await s3ClientFor(host, root));
}
