import { diffTables, tableTally } from "../../../core/diff/table.ts";
import type { Change } from "../../../core/format/change.ts";
import type { DiffOptions, Source } from "../../../core/format/format.ts";
import { openDelimited } from "./reader.ts";

/** Compares two delimited tables; all their cells are text. */
export async function* diffDelimited(
  before: Source,
  after: Source,
  options: DiffOptions,
): AsyncGenerator<Change> {
  const tally = tableTally(options);
  yield* diffTables(await openDelimited(before), await openDelimited(after), options, tally);
  yield tally.summary("delimited", before, after);
}
