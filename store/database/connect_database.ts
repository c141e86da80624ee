import type { Host } from "../host/host.ts";
import type { DatabaseAddress } from "./address.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open_database.ts";

export interface ConnectOptions {
  /** Forbids to change rows. */
  readonly readOnly?: boolean;
  /** True to read it and to leave no trace beside it, as far as that can be. */
  readonly isForeign?: boolean;
}

/**
 * Opens the database at an address. Throws as `openDatabase` and `openPostgres` do.
 */
export async function connectDatabase(
  host: Host,
  address: DatabaseAddress,
  options: ConnectOptions = {},
): Promise<Database> {
  if (address.kind === "sqlite") return openDatabase(host, { path: address.path, ...options });
  const { openPostgres } = await import("./postgres/postgres.ts");
  const readOnly = options.readOnly === true || options.isForeign === true;
  return await openPostgres(host, { url: address.url, readOnly });
}
