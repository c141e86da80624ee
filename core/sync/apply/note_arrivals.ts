import { timestamp } from "../../../store/database/values.ts";
import { type Changes, unbrokenRanges } from "../../operation/changes.ts";
import { laminArrival } from "../tables.ts";

/** Where artifacts came from. */
export interface Origin {
  readonly instanceUid: string;
  /** The name of a remote, or where it is, without secrets. */
  readonly remote: string;
}

/** Notes which of the artifacts with these ids came without bytes into a storage. */
export async function noteArrivals(
  changes: Changes,
  ids: readonly number[],
  storageId: number,
  origin: Origin,
  now: Date,
): Promise<void> {
  const sorted = ids.toSorted((a, b) => a - b);
  const absent: number[] = [];
  for (let start = 0; start < sorted.length; start += batchSize) {
    const list = changes.reader.dialect.valuesOf(sorted.slice(start, start + batchSize));
    const rows = await changes.reader.all<{ id: number }>(
      `SELECT id FROM lamindb_artifact AS artifact
       WHERE id IN (${list.sql}) AND storage_id = ? AND NOT EXISTS (
         SELECT 1 FROM lamin_object AS object
         WHERE object.storage_id = artifact.storage_id AND object.name = artifact._real_key)
       ORDER BY id`,
      [...list.parameters, storageId],
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

/** Ids that are asked for together. */
const batchSize = 5000;
