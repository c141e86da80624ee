import type { BlobStore } from "../blob_store.ts";
import type { BlobSink } from "./outgoing_blob.ts";

/**
 * What a kind of server brings: everything that asks it. Batches and local paths are the same for
 * all of them (remote_store.ts).
 */
export type RemoteBlobs = Omit<BlobStore, "batch" | "locate"> & BlobSink;
