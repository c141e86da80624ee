import type { Change, ContentChange, Note, Side } from "../format/change.ts";
import type { DiffOptions } from "../format/format.ts";
import { diffByKey } from "./table_by_key.ts";
import { diffByPosition } from "./table_by_position.ts";
import { pairColumns } from "./table_columns.ts";
import { RowComparer } from "./table_rows.ts";
import type { TableReader } from "./table_reader.ts";
import { Tally } from "./tally.ts";

/** What the pairing of rows works with. */
export interface TableDiff {
  readonly before: TableReader;
  readonly after: TableReader;
  readonly comparer: RowComparer;
  readonly tally: Tally;
}

/**
 * The changes from one table to another: columns by name, then rows by the key columns `options.on`
 * or else by position, down to cells, then notes on either side. The tally has counted all of them
 * at the end. Cells of a column that only one side has are no changes of their own.
 *
 * By position both tables are read once, side by side; by key all rows of `before` are held.
 *
 * @throws LaminError "usage" when a key column is missing; "failed" when two rows of a side have
 * the same key or the rows to hold are too many.
 */
export async function* diffTables(
  before: TableReader,
  after: TableReader,
  options: DiffOptions,
  tally: Tally = tableTally(options),
): AsyncGenerator<Exclude<Change, { kind: "summary" }>> {
  const { pairs, changes } = pairColumns(before.columns, after.columns);
  for (const change of changes) {
    countColumn(change, tally);
    if (tally.give()) yield change;
  }
  const comparer = new RowComparer(pairs, before.columns.length, after.columns.length);
  const work = { before, after, comparer, tally };
  const on = options.on ?? [];
  yield* on.length === 0 ? diffByPosition(work) : diffByKey(work, on);
  yield* notes("before", before);
  yield* notes("after", after);
}

export function tableTally(options: DiffOptions): Tally {
  return new Tally(["columns", "rows", "cells"], options.changesMax);
}

function countColumn(change: ContentChange, tally: Tally): void {
  if (change.kind === "column_added") tally.add("columns", "added");
  else if (change.kind === "column_removed") tally.add("columns", "removed");
  else if (change.kind === "column_type") tally.add("columns", "changed");
  else tally.differs();
}

function* notes(side: Side, reader: TableReader): Generator<Note> {
  for (const text of reader.notes) yield { kind: "note", side, text };
}
