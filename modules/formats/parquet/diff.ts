import { diffTables, tableTally } from "../../../core/diff/table.ts";
import type { Change } from "../../../core/format/change.ts";
import type { DiffOptions, Source } from "../../../core/format/format.ts";
import { openParquet } from "./reader.ts";

/** Compares two Parquet files cell by cell; numbers by value, whatever their types. */
export async function* diffParquet(
  before: Source,
  after: Source,
  options: DiffOptions,
): AsyncGenerator<Change> {
  const tally = tableTally(options);
  yield* diffTables(await openParquet(before), await openParquet(after), options, tally);
  yield tally.summary("parquet", before, after);
}
