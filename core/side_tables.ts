import type { RowOf } from "../store/database/table.ts";
import {
  bigint,
  boolean,
  datetime,
  id,
  integer,
  json,
  optional,
  text,
} from "./registry/columns.ts";
import { registry } from "./registry/registry.ts";
import { syncTables } from "./sync/tables.ts";

/**
 * Tables of our own beside LaminDB's, in the same database: Python never looks at them. They are
 * made with the first write into an instance, so that looking at one that Python made changes
 * nothing.
 */

/** A blob or a folder of blobs that a storage holds, under the SHA-256 of its content. */
export const laminObject = registry("lamin.Object", {
  id: id(),
  storage_id: integer(),
  /** Storage key: `.lamindb/objects/…`, or where data lies that others wrote. */
  name: text(),
  /** Of the bytes; of the manifest for a folder. */
  sha256: text({ indexed: true }),
  size: bigint(),
  is_folder: boolean(),
  created_at: datetime({ default: "NOW" }),
}, { unique: [{ columns: ["storage_id", "name"], name: "lamin_object_name" }] });

/** Which content an artifact has. */
export const laminContent = registry("lamin.Content", {
  id: id(),
  artifact_id: integer({ unique: true }),
  sha256: text({ indexed: true }),
  is_folder: boolean(),
  /**
   * LaminDB's hash of the artifact when this was noted: another one there now means other bytes.
   */
  hash: optional.text(),
});

/** The files of a folder, under the SHA-256 of its manifest. */
export const laminManifestFile = registry("lamin.ManifestFile", {
  id: id(),
  manifest: text(),
  path: text(),
  size: bigint(),
  sha256: text({ indexed: true }),
}, { unique: [{ columns: ["manifest", "path"], name: "lamin_manifestfile_path" }] });

/** One command that changed something. */
export const laminOperation = registry("lamin.Operation", {
  id: id(),
  uid: text({ unique: true }),
  created_at: datetime({ default: "NOW", indexed: true }),
  verb: text(),
  /** The command line as JSON list, secrets left out. */
  command: json({ verbatim: true }),
  /** One line for people: `add 3 artifacts`. */
  summary: text(),
  user: text(),
  host: text(),
  /** Operation that this one reversed. */
  undoes_id: optional.integer({ indexed: true }),
});

/** One row, or an unbroken range of inserted rows, that an operation changed. */
export const laminChange = registry("lamin.Change", {
  id: id(),
  operation_id: integer({ indexed: true }),
  table_name: text(),
  first_id: bigint(),
  last_id: bigint(),
  /** The row before, as JSON object; NULL for inserted rows. */
  before: optional.json({ verbatim: true }),
  /** The changed columns after, as JSON object; NULL for inserted and deleted rows. */
  after: optional.json({ verbatim: true }),
}, {
  indexes: [["table_name", "first_id"]],
  unique: [
    // Finds which operation inserted a row, past any number of later changes of its neighbours.
    {
      columns: ["table_name", "first_id", "operation_id"],
      name: "lamin_change_inserted",
      where: "before IS NULL",
    },
    // Finds what was deleted, past any number of changes.
    {
      columns: ["table_name", "first_id", "id"],
      name: "lamin_change_deleted",
      where: "before IS NOT NULL AND after IS NULL",
    },
  ],
});

/** Those of every instance, in the order in which they are made. */
export const sideTables = [
  laminObject,
  laminContent,
  laminManifestFile,
  laminOperation,
  laminChange,
] as const;

/** Those too that only instances have which met another one. */
export const ownTables = [...sideTables, ...syncTables] as const;

export type ObjectRow = RowOf<typeof laminObject>;
export type ContentRow = RowOf<typeof laminContent>;
export type ManifestFileRow = RowOf<typeof laminManifestFile>;
export type OperationRow = RowOf<typeof laminOperation>;
export type ChangeRow = RowOf<typeof laminChange>;
