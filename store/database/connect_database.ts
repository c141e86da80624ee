import type { Host } from "../host/host.ts";
import { LaminError } from "../errors.ts";
import { type DatabaseAddress, shownAddress } from "./address.ts";
import type { BucketPlace } from "./bucket/open_bucket_database.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open_database.ts";

export interface ConnectOptions {
  /** Forbids to change rows. */
  readonly readOnly?: boolean;
  /** True to read it and to leave no trace beside it, as far as that can be. */
  readonly isForeign?: boolean;
  /** What is needed for a database in a bucket. */
  readonly bucket?: Omit<BucketPlace, "root" | "readOnly">;
}

/**
 * Opens the database at an address. Throws as `openDatabase` does, and code "failed" for a server.
 */
// Async since a server is asked over the network.
// deno-lint-ignore require-await
export async function connectDatabase(
  host: Host,
  address: DatabaseAddress,
  options: ConnectOptions = {},
): Promise<Database> {
  if (address.kind === "sqlite") return openDatabase(host, { path: address.path, ...options });
  if (address.kind === "bucket" && options.bucket !== undefined) {
    const { openBucketDatabase } = await import("./bucket/open_bucket_database.ts");
    const { root } = address;
    return await openBucketDatabase(host, {
      root,
      readOnly: options.readOnly ?? false,
      ...options.bucket,
    });
  }
  throw new LaminError("failed", `the rows are in ${shownAddress(address)}`, {
    hint: "this version opens SQLite instances on this machine only",
  });
}
