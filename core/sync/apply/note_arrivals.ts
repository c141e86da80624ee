import { timestamp } from "../../../store/database/values.ts";
import { type Changes, unbrokenRanges } from "../../operation/changes.ts";
import { laminArrival } from "../tables.ts";

/** Where artifacts came from. */
export interface Origin {
  readonly instanceUid: string;
  /** The name of a remote, or where it is, without secrets. */
  readonly remote: string;
}

/** Notes which of the artifacts with ids in these ranges came without bytes into a storage. */
export async function noteArrivals(
  changes: Changes,
  ranges: readonly (readonly [first: number, last: number])[],
  storageId: number,
  origin: Origin,
  now: Date,
): Promise<void> {
  const absent: number[] = [];
  for (const range of ranges) {
    const rows = await changes.reader.all<{ id: number }>(
      `SELECT id FROM lamindb_artifact AS artifact
       WHERE id BETWEEN ? AND ? AND storage_id = ? AND NOT EXISTS (
         SELECT 1 FROM lamin_object AS object
         WHERE object.storage_id = artifact.storage_id AND object.name = artifact._real_key)
       ORDER BY id`,
      [...range, storageId],
    );
    for (const { id } of rows) absent.push(id);
  }
  await changes.insert(
    laminArrival,
    unbrokenRanges(absent).map(([first_id, last_id]) => ({
      first_id,
      last_id,
      instance_uid: origin.instanceUid,
      remote: origin.remote,
      created_at: timestamp(now),
    })),
  );
}
