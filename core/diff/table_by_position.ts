import type { ContentChange } from "../format/change.ts";
import { RowCursor } from "./row_cursor.ts";
import type { TableDiff } from "./table.ts";
import { namedCells } from "./table_rows.ts";

/** Compares the first row with the first, the second with the second and so on. */
export async function* diffByPosition(diff: TableDiff): AsyncGenerator<ContentChange> {
  const before = new RowCursor(diff.before);
  const after = new RowCursor(diff.after);
  try {
    while (true) {
      const [moreBefore, moreAfter] = await Promise.all([before.ready(), after.ready()]);
      if (!moreBefore || !moreAfter) break;
      for (let left = Math.min(before.left, after.left); left > 0; left--) {
        yield* comparedRows(diff, before, after);
      }
    }
    yield* restRemoved(diff, before);
    yield* restAdded(diff, after);
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
}

function* comparedRows(
  { comparer, tally }: TableDiff,
  before: RowCursor,
  after: RowCursor,
): Generator<ContentChange> {
  const differences = comparer.differences(before.take(), after.take());
  if (differences === null) return;
  tally.add("rows", "changed");
  tally.add("cells", "changed", differences.length);
  const row = { before: before.row, after: after.row };
  for (const difference of differences) {
    if (tally.give()) yield { kind: "cell", row, ...difference };
  }
}

async function* restRemoved(diff: TableDiff, rest: RowCursor): AsyncGenerator<ContentChange> {
  while (await rest.ready()) {
    const cells = rest.take();
    diff.tally.add("rows", "removed");
    if (!diff.tally.give()) continue;
    yield { kind: "row_removed", row: rest.row, cells: namedCells(diff.before.columns, cells) };
  }
}

async function* restAdded(diff: TableDiff, rest: RowCursor): AsyncGenerator<ContentChange> {
  while (await rest.ready()) {
    const cells = rest.take();
    diff.tally.add("rows", "added");
    if (!diff.tally.give()) continue;
    yield { kind: "row_added", row: rest.row, cells: namedCells(diff.after.columns, cells) };
  }
}
