import type { Reader, Writer } from "../database/database.ts";
import { checksum } from "./checksum.ts";
import type { Mark } from "./indexed_files.ts";

/** The table that holds the mark, as its only row. */
export const markTable = `CREATE TABLE mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  stamp TEXT NOT NULL, branch INTEGER NOT NULL, others TEXT NOT NULL, stored TEXT NOT NULL,
  folders INTEGER NOT NULL, checksum INTEGER NOT NULL
)`;

interface MarkRow {
  readonly stamp: string;
  readonly branch: number;
  /** JSON, as `stored`. */
  readonly others: string;
  readonly stored: string;
  /** How many rows there were: without one of them, its artifacts would be nowhere. */
  readonly folders: number;
  readonly checksum: number;
}

/** A mark that is not what was written counts as none, as does one of other folders. */
export async function readMark(reader: Reader): Promise<Mark | undefined> {
  const row = await reader.first<MarkRow & { there: number }>(
    `SELECT stamp, branch, others, stored, folders, checksum,
       (SELECT count(*) FROM folder) AS there FROM mark`,
  );
  if (row === undefined || row.folders !== row.there || row.checksum !== checksumOf(row)) {
    return undefined;
  }
  const { stamp, branch } = row;
  return { stamp, branch, others: JSON.parse(row.others), stored: JSON.parse(row.stored) };
}

/** Writes the mark once all folders are as they are to be; undefined takes it away. */
export async function writeMark(writer: Writer, mark: Mark | undefined): Promise<void> {
  if (mark === undefined) {
    await writer.run("DELETE FROM mark");
    return;
  }
  const count = await writer.first<{ there: number }>("SELECT count(*) AS there FROM folder");
  const row = {
    stamp: mark.stamp,
    branch: mark.branch,
    others: JSON.stringify(mark.others),
    stored: JSON.stringify(mark.stored),
    folders: count!.there,
  };
  await writer.run("INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?, ?, ?, ?)", [
    ...Object.values(row),
    checksumOf(row),
  ]);
}

function checksumOf(row: Omit<MarkRow, "checksum">): number {
  const { stamp, branch, others, stored, folders } = row;
  return checksum(JSON.stringify([stamp, branch, others, stored, folders]));
}
