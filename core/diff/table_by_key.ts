import { LaminError } from "../../store/errors.ts";
import type { ContentChange } from "../format/change.ts";
import { RowCursor } from "./row_cursor.ts";
import { RowKeys } from "./row_key.ts";
import type { TableDiff } from "./table.ts";
import type { Row, TableReader } from "./table_reader.ts";
import { namedCells } from "./table_rows.ts";

/**
 * Most characters of cells to hold, with 32 counted for each row and 8 for each cell: about 1.5 GB
 * of memory, below what an engine gives a process.
 */
const heldCharactersMax = 300_000_000;

interface NumberedRow {
  readonly row: number;
  readonly cells: Row;
}

/** A row of `before`, or of both sides once its partner was met: then its cells are let go of. */
interface HeldRow {
  readonly row: number;
  cells: Row | null;
  partner: number | undefined;
}

/**
 * Compares the rows that have the same cells in the columns `on`: changed and added ones in the
 * order of `after`, then the removed ones in that of `before`.
 */
export async function* diffByKey(
  diff: TableDiff,
  on: readonly string[],
): AsyncGenerator<ContentChange> {
  const keysBefore = new RowKeys(diff.before, on);
  const keysAfter = new RowKeys(diff.after, on);
  const held = await holdRows(diff.before, keysBefore);
  const onlyAfter = new Map<string, number>();
  const after = new RowCursor(diff.after);
  try {
    while (await after.ready()) {
      const cells = after.take();
      const key = keysAfter.keyOf(cells);
      const match = held.get(key);
      const first = match === undefined ? onlyAfter.get(key) : match.partner;
      if (first !== undefined) throw keysAfter.twice(cells, first, after.row);
      if (match === undefined) {
        onlyAfter.set(key, after.row);
        yield* added(diff, keysAfter, after.row, cells);
      } else {
        const before = { row: match.row, cells: match.cells! };
        match.partner = after.row;
        match.cells = null;
        yield* compared(diff, keysAfter, before, { row: after.row, cells });
      }
    }
  } finally {
    await after.close();
  }
  for (const { row, cells } of held.values()) {
    if (cells === null) continue;
    diff.tally.add("rows", "removed");
    if (!diff.tally.give()) continue;
    const key = keysBefore.named(cells);
    yield { kind: "row_removed", row, key, cells: namedCells(diff.before.columns, cells) };
  }
}

async function holdRows(table: TableReader, keys: RowKeys): Promise<Map<string, HeldRow>> {
  const held = new Map<string, HeldRow>();
  let characters = 0;
  let row = 0;
  for await (const batch of table.batches()) {
    for (const cells of batch) {
      row++;
      const key = keys.keyOf(cells);
      const twin = held.get(key);
      if (twin !== undefined) throw keys.twice(cells, twin.row, row);
      held.set(key, { row, cells, partner: undefined });
      characters += 32 + key.length;
      for (const cell of cells) characters += 8 + (cell?.length ?? 0);
      if (characters > heldCharactersMax) throw tooLarge(table.name);
    }
  }
  return held;
}

function* added(
  { tally, after }: TableDiff,
  keys: RowKeys,
  row: number,
  cells: Row,
): Generator<ContentChange> {
  tally.add("rows", "added");
  if (!tally.give()) return;
  yield { kind: "row_added", row, key: keys.named(cells), cells: namedCells(after.columns, cells) };
}

function* compared(
  { comparer, tally }: TableDiff,
  keys: RowKeys,
  before: NumberedRow,
  after: NumberedRow,
): Generator<ContentChange> {
  const differences = comparer.differences(before.cells, after.cells);
  if (differences === null) return;
  tally.add("rows", "changed");
  tally.add("cells", "changed", differences.length);
  const row = { before: before.row, after: after.row };
  const key = keys.named(after.cells);
  for (const difference of differences) {
    if (tally.give()) yield { kind: "cell", row, key, ...difference };
  }
}

function tooLarge(name: string): LaminError {
  return new LaminError("failed", `${name} has too many rows to match them by key in memory.`, {
    hint: "Compare by position instead, without key columns.",
    data: { name },
  });
}
