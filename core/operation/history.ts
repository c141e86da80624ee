import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { laminOperation, type OperationRow } from "../side_tables.ts";

/** Fewest characters of an operation's uid that name it. */
const uidPrefixMin = 4;
const uidLength = 12;
/** Operations that are looked through at a time for one that can be undone. */
const batchSize = 100;

/**
 * Which operations are undone, by id, with the uid of the operation that did it. An operation
 * counts as undone while one that reverses it stands: undoing that one makes it stand again.
 */
export async function undoneOperations(reader: Reader): Promise<Map<number, string>> {
  const undone = new Map<number, string>();
  if (!(await reader.hasTable(laminOperation.name))) return undone;
  const rows = await reader.all<{ id: number; uid: string; undoes_id: number }>(
    "SELECT id, uid, undoes_id FROM lamin_operation WHERE undoes_id > 0",
  );
  // Sorted here, since asked to sort, SQLite reads the whole table in that order instead of the
  // index.
  rows.sort((a, b) => b.id - a.id);
  // What reverses an operation is newer than it, so whether it stands itself is known by then.
  for (const { id, uid, undoes_id } of rows) if (!undone.has(id)) undone.set(undoes_id, uid);
  return undone;
}

/**
 * The operation with this uid or start of one. Throws code "not_found", or "ambiguous" with the
 * candidates.
 */
export async function findOperation(reader: Reader, reference: string): Promise<OperationRow> {
  const isUid = /^[0-9A-Za-z]+$/.test(reference) && reference.length >= uidPrefixMin &&
    reference.length <= uidLength;
  if (isUid && await reader.hasTable(laminOperation.name)) {
    const start = reader.dialect.startsWith("uid", reference);
    const rows = await reader.select(
      laminOperation,
      `${start.sql} ORDER BY id DESC LIMIT 6`,
      start.parameters,
    );
    if (rows.length === 1) return rows[0]!;
    if (rows.length > 1) {
      throw new LaminError("ambiguous", `'${reference}' means several operations`, {
        hint: `give more of the uid: ${rows.map((row) => `${row.uid} (${row.verb})`).join(", ")}`,
        data: { operation: reference, candidates: rows.map((row) => row.uid) },
      });
    }
  }
  throw new LaminError("not_found", `there is no operation '${reference}'`, {
    hint: reference.length < uidPrefixMin
      ? `the start of a uid takes ${uidPrefixMin} characters at least; 'lamin op log' lists them`
      : "'lamin op log' lists them",
    data: { operation: reference },
  });
}

/** The newest operation that stands and does not reverse another one. Throws code "not_found". */
export async function lastOperation(reader: Reader): Promise<OperationRow> {
  const found = await standingBefore(reader, Number.MAX_SAFE_INTEGER);
  if (found !== undefined) return found;
  throw new LaminError("not_found", "there is no operation to undo", {
    hint: "'lamin op log' lists what was done; undoing an undo by its uid does it again",
  });
}

/** The newest operation before the one with this id that stands and does not reverse another. */
export async function standingBefore(
  reader: Reader,
  id: number,
): Promise<OperationRow | undefined> {
  const undone = await undoneOperations(reader);
  const hasLog = await reader.hasTable(laminOperation.name);
  for (let before = id; hasLog;) {
    const rows = await reader.select(
      laminOperation,
      `undoes_id IS NULL AND id < ? ORDER BY id DESC LIMIT ${batchSize}`,
      [before],
    );
    const found = rows.find((row) => !undone.has(row.id));
    if (found !== undefined) return found;
    if (rows.length < batchSize) break;
    before = rows.at(-1)!.id;
  }
  return undefined;
}
