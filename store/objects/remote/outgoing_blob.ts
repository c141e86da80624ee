import type { BlobReader } from "../blob_store.ts";

/** A blob that lies here and is to be sent to a server. */
export interface OutgoingBlob {
  readonly name: string;
  readonly size: number;
  /** Opens the bytes as they are now. */
  open(): BlobReader;
  /**
   * SHA-256 of each part of `partSize` bytes as they were when the blob was read before; undefined
   * where that is not known.
   */
  parts(partSize: number): Promise<readonly Uint8Array[] | undefined>;
  /** Throws code "conflict" when the bytes may be others than those that were staged. */
  check(): void;
  /**
   * Told that it could not be sent. Throws the error again, unless it is the fault of the local
   * file alone and whoever publishes goes on without it.
   */
  readonly fail: (error: unknown) => void;
}

/** A second name for what is on the server by then. */
export interface OutgoingAlias {
  readonly existing: string;
  readonly name: string;
}

/** Where a batch is published. */
export interface BlobSink {
  /** Sends blobs and makes aliases; all of it is durable when this is done. */
  send(blobs: readonly OutgoingBlob[], aliases: readonly OutgoingAlias[]): Promise<void>;
}
