import type { Reader } from "../../../store/database/database.ts";
import { laminOperation, type OperationRow } from "../../side_tables.ts";
import { type LoggedOperation, withUndos } from "../log.ts";
import { nothing } from "./merged.ts";

/** The part of an operation log that another one does not have. */
export interface OwnPart {
  /** Id of the last operation that both logs have; 0 when there is none. */
  readonly sharedId: number;
  readonly count: number;
  /** The newest of them, at most as many as were asked for. */
  readonly operations: readonly LoggedOperation[];
}

export interface LogsCompared {
  /** How many operations both have, from the first on. */
  readonly shared: number;
  /** The last of those. */
  readonly last: OperationRow | undefined;
  readonly here: OwnPart;
  readonly there: OwnPart;
}

/**
 * How far the operation logs of two copies are the same. Uids of operations are random, so copies
 * have those in common that were there when the copy was made. `limit` is how many of the others
 * are to be given.
 */
export async function compareLogs(
  here: Reader,
  there: Reader,
  limit: number,
): Promise<LogsCompared> {
  const { shared, hereId, thereId } = await commonPart(here, there);
  const [last] = hereId === 0 ? [] : await here.select(laminOperation, "id = ?", [hereId]);
  return {
    shared,
    last,
    here: await ownPart(here, hereId, limit),
    there: await ownPart(there, thereId, limit),
  };
}

async function commonPart(here: Reader, there: Reader) {
  const left = (await uidsOf(here))[Symbol.asyncIterator]();
  const right = (await uidsOf(there))[Symbol.asyncIterator]();
  let [shared, hereId, thereId] = [0, 0, 0];
  try {
    for (;;) {
      const [a, b] = [await left.next(), await right.next()];
      if (a.done || b.done || a.value.uid !== b.value.uid) return { shared, hereId, thereId };
      shared++;
      [hereId, thereId] = [a.value.id, b.value.id];
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

async function uidsOf(reader: Reader): Promise<AsyncIterable<{ id: number; uid: string }>> {
  if (!(await reader.hasTable(laminOperation.name))) return nothing();
  return reader.iterate("SELECT id, uid FROM lamin_operation ORDER BY id");
}

async function ownPart(reader: Reader, sharedId: number, limit: number): Promise<OwnPart> {
  if (!(await reader.hasTable(laminOperation.name))) return { sharedId, count: 0, operations: [] };
  const counted = await reader.first<{ count: number }>(
    "SELECT count(*) AS count FROM lamin_operation WHERE id > ?",
    [sharedId],
  );
  const atMost = limit === Infinity ? "" : ` LIMIT ${limit}`;
  const rows = await reader.select(
    laminOperation,
    `id > ? ORDER BY id DESC${atMost}`,
    [sharedId],
  );
  return { sharedId, count: Number(counted!.count), operations: await withUndos(reader, rows) };
}
