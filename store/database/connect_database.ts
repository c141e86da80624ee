import type { Host } from "../host/host.ts";
import type { DatabaseAddress } from "./address.ts";
import type { BucketPlace } from "./bucket/open_bucket_database.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open_database.ts";

export interface ConnectOptions {
  /** Forbids to change rows. */
  readonly readOnly?: boolean;
  /** True to read it and to leave no trace beside it, as far as that can be. */
  readonly isForeign?: boolean;
  /** What is needed besides for a database in a bucket. */
  readonly bucket?: Omit<BucketPlace, "root" | "readOnly">;
}

/**
 * Opens the database at an address. Throws as `openDatabase`, `openPostgres` and
 * `openBucketDatabase` do.
 */
export async function connectDatabase(
  host: Host,
  address: DatabaseAddress,
  options: ConnectOptions = {},
): Promise<Database> {
  const readOnly = options.readOnly === true || options.isForeign === true;
  switch (address.kind) {
    case "sqlite":
      return openDatabase(host, { path: address.path, ...options });
    case "postgres": {
      const { openPostgres } = await import("./postgres/postgres.ts");
      return await openPostgres(host, { url: address.url, readOnly });
    }
    case "bucket": {
      const { openBucketDatabase } = await import("./bucket/open_bucket_database.ts");
      return await openBucketDatabase(host, {
        root: address.root,
        readOnly,
        ...options.bucket!,
      });
    }
  }
}
