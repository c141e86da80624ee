import type { Host } from "../../host/host.ts";
import { HttpClient } from "../http/http_client.ts";
import type { Patience } from "../http/retry.ts";
import { findS3Settings } from "./credentials.ts";
import { S3Blobs } from "./s3_blob_store.ts";
import { S3Client } from "./s3_client.ts";
import { parseS3Root } from "./s3_location.ts";

/**
 * The blobs of a root in a bucket, with the user's own keys. `local` is the absolute path of a
 * local folder for what is under way. Throws code "usage" for a root that names no bucket, and as
 * `findS3Settings`.
 */
export async function openS3(
  host: Host,
  root: string,
  local: string,
  patience?: Patience,
): Promise<S3Blobs> {
  const location = parseS3Root(root);
  const http = new HttpClient(patience, isProxied(host));
  const client = new S3Client(host, await host.hashing(), http, location, findS3Settings(host));
  return new S3Blobs(host, client, local);
}

/** Whether the environment names a proxy for whatever server. */
function isProxied(host: Pick<Host, "environment">): boolean {
  const names = ["http_proxy", "https_proxy", "all_proxy"];
  return [...names, ...names.map((name) => name.toUpperCase())]
    .some((name) => host.environment(name) !== undefined);
}
