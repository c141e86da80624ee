import type { Host } from "../../../../store/host/host.ts";
import { currentHost } from "../../../../store/host/select.ts";
import type { Patience } from "../../../../store/objects/http/retry.ts";
import { RemoteBlobStore } from "../../../../store/objects/remote/remote_store.ts";
import { openS3 } from "../../../../store/objects/s3/open_s3.ts";
import type { S3Blobs } from "../../../../store/objects/s3/s3_blob_store.ts";
import { LyingProxy } from "../../../faults/lying_proxy.ts";
import { s3Server, withKeys } from "../../../s3_server.ts";

/** A bucket on the real server, behind a proxy that can lie. */
export interface S3World {
  readonly proxy: LyingProxy;
  readonly bucket: string;
  /** Of the storage. */
  readonly root: string;
  readonly folder: string;
  /** The pauses that were made, in milliseconds; nobody waits for them. */
  readonly pauses: number[];
  readonly patience: Patience;
  readonly host: Host;
  readonly store: RemoteBlobStore;
  blobs(): Promise<S3Blobs>;
  /** Another handle on the same bucket, with another host or root. */
  open(host: Host, root?: string): RemoteBlobStore;
}

/** Does the work with a fresh bucket. */
export async function withS3(work: (world: S3World) => Promise<void>): Promise<void> {
  const world = await freshS3();
  try {
    await work(world);
  } finally {
    await world.end();
  }
}

/** A fresh bucket; `end` it in `finally`. */
export async function freshS3(): Promise<S3World & { end(): Promise<void> }> {
  const server = await s3Server();
  const proxy = new LyingProxy(server.endpoint);
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const pauses: number[] = [];
  const patience = {
    attempts: 4,
    firstMs: 10,
    longestMs: 40,
    timeoutMs: 60_000,
    wait: (ms: number) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  const bucket = await server.bucket();
  const root = `s3://${bucket}/atlas?endpoint_url=${proxy.endpoint}`;
  const host = withKeys(await currentHost());
  const open = (one: Host, place = root) =>
    new RemoteBlobStore(one, "s3", folder, () => openS3(one, place, folder, patience));
  const store = open(host);
  const blobs = async () => await store.loaded() as S3Blobs;
  const end = async () => {
    await proxy.end();
    Deno.removeSync(folder, { recursive: true });
  };
  return { proxy, bucket, root, folder, pauses, patience, host, store, blobs, open, end };
}
