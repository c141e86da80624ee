import type { Writer } from "../../store/database/database.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { RowOf } from "../../store/database/table.ts";
import { datetime, id, integer, json, optional, text } from "../registry/columns.ts";
import { registry } from "../registry/registry.ts";

/**
 * Tables of our own for what instances know of each other. The first sync makes them, so that
 * instances which never meet another one do without.
 */

/** What rows were when they were last looked at: some hundred neighbours of a table together. */
export const laminLedger = registry("lamin.Ledger", {
  id: id(),
  /** Empty for this instance, else the uid of one that cannot keep a ledger itself. */
  owner: text(),
  table_name: text(),
  /** The ids from `chunk` times the size of a chunk on. */
  chunk: integer(),
  /** `{"17": ["identity", "digest"], …}` by id. */
  entries: json({ verbatim: true }),
}, { unique: [{ columns: ["owner", "table_name", "chunk"], name: "lamin_ledger_chunk" }] });

/** A row that changed since it was first looked at, or that was deleted. */
export const laminRevision = registry("lamin.Revision", {
  id: id(),
  owner: text(),
  table_name: text(),
  identity: text(),
  /** How often it was seen to have changed. */
  revision: integer(),
  /** NULL once it was deleted. */
  digest: optional.text(),
  /** Digests that it had before, the latest last, as JSON list. */
  past: json({ verbatim: true }),
}, { unique: [{ columns: ["owner", "table_name", "identity"], name: "lamin_revision_row" }] });

/** Artifacts, an unbroken range of ids, that came from another instance without their bytes. */
export const laminArrival = registry("lamin.Arrival", {
  id: id(),
  first_id: integer({ indexed: true }),
  last_id: integer(),
  /** Uid of the instance that they came from. */
  instance_uid: text(),
  /** What the user called it: the name of a remote, or where it is, without secrets. */
  remote: text(),
  created_at: datetime({ default: "NOW" }),
});

/** Contents of this instance that another one reads where they lie: `gc` leaves them. */
export const laminLease = registry("lamin.Lease", {
  id: id(),
  /** Uid of the instance that reads them, which it has from its mark. */
  reader_uid: text({ indexed: true }),
  /** `owner/name` of it. */
  reader: text(),
  /** Where it lies, for people to find it: the name of a machine and a path, or a URL. */
  place: text(),
  storage_id: integer(),
  /** Names of objects as JSON list; NULL for whatever the storage holds. */
  names: optional.json({ verbatim: true }),
  created_at: datetime({ default: "NOW" }),
});

/** Contents of this instance that another one knows and has not fetched yet: `gc` leaves them. */
export const laminAwaited = registry("lamin.Awaited", {
  id: id(),
  /** As those of `laminLease`. */
  reader_uid: text({ indexed: true }),
  reader: text(),
  place: text(),
  storage_id: integer(),
  names: optional.json({ verbatim: true }),
  created_at: datetime({ default: "NOW" }),
});

/** All of them, in the order in which they are made. */
export const syncTables = [
  laminLedger,
  laminRevision,
  laminArrival,
  laminLease,
  laminAwaited,
] as const;

export type LedgerRow = RowOf<typeof laminLedger>;
export type RevisionRow = RowOf<typeof laminRevision>;
export type ArrivalRow = RowOf<typeof laminArrival>;
export type LeaseRow = RowOf<typeof laminLease>;

/** Makes them where they are missing. */
export async function makeSyncTables(writer: Writer, hashing: Hashing): Promise<void> {
  if (await writer.hasTable(laminAwaited.name)) return;
  const missing = [];
  for (const table of syncTables) if (!(await writer.hasTable(table.name))) missing.push(table);
  await writer.script(
    await writer.dialect.createStatements(missing, (bytes) => hashing.digest("md5", bytes)),
  );
}
