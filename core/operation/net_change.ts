import { LaminError } from "../../store/errors.ts";
import type { ChangeRow } from "../side_tables.ts";

/** A row as the log keeps it: columns by name. */
export type LoggedRow = Readonly<Record<string, unknown>>;

/** Reads a row of the log. Throws code "damaged" when it is none. */
export function loggedRow(text: string): LoggedRow {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === "object" && row !== null) return row as LoggedRow;
  } catch {
    // Said below.
  }
  throw new LaminError("damaged", "the operation log is not sound: a row in it cannot be read");
}

/** What an operation did to a row that was there before and after. */
export interface ChangedRow {
  readonly id: number;
  /** The columns that it set: how they were, and how it left them. */
  readonly before: LoggedRow;
  readonly after: LoggedRow;
}

/** What an operation came to in one table, whatever way it took there. */
export interface TableChange {
  /** Ids of rows that came to be. */
  readonly appeared: Set<number>;
  /** Whole rows that were deleted, by id. */
  readonly vanished: Map<number, LoggedRow>;
  readonly changed: Map<number, ChangedRow>;
}

/** More rows than any command inserts at once: a log that says so was not written by one. */
const insertedMax = 50_000_000;

/**
 * Folds the changes of an operation, oldest first, to what they came to, by table. Throws code
 * "damaged".
 */
export function netChange(
  changes: readonly Pick<ChangeRow, "table_name" | "first_id" | "last_id" | "before" | "after">[],
): Map<string, TableChange> {
  const tables = new Map<string, TableChange>();
  for (const { table_name, first_id, last_id, before, after } of changes) {
    const table = tables.get(table_name) ??
      { appeared: new Set(), vanished: new Map(), changed: new Map() };
    tables.set(table_name, table);
    if (before === null) {
      if (last_id - first_id > insertedMax) {
        throw new LaminError("damaged", "the operation log is not sound: it has an endless range");
      }
      for (let id = first_id; id <= last_id; id++) table.appeared.add(id);
    } else if (after === null) vanish(table, first_id, loggedRow(before));
    else change(table, first_id, loggedRow(before), loggedRow(after));
  }
  return tables;
}

function vanish(table: TableChange, id: number, row: LoggedRow): void {
  if (table.appeared.delete(id)) return;
  const former = table.changed.get(id)?.before;
  table.changed.delete(id);
  table.vanished.set(id, { ...row, ...former });
}

function change(table: TableChange, id: number, row: LoggedRow, set: LoggedRow): void {
  if (table.appeared.has(id)) return;
  const known = table.changed.get(id);
  const before = Object.fromEntries(Object.keys(set).map((name) => [name, row[name]]));
  table.changed.set(id, {
    id,
    before: { ...before, ...known?.before },
    after: { ...known?.after, ...set },
  });
}
