import type { Shape, Source } from "../../../core/format/format.ts";
import { TypeGuess } from "./infer.ts";
import { openDelimited } from "./reader.ts";

/**
 * Counts the rows and finds types that all cells of a column have. Reads the whole table. (Python's
 * LaminDB counts no observations in delimited text.)
 */
export async function describeDelimited(source: Source): Promise<Shape> {
  const table = await openDelimited(source);
  const guesses = table.columns.map(() => new TypeGuess());
  let rows = 0;
  for await (const batch of table.batches()) {
    rows += batch.length;
    for (const row of batch) guesses.forEach((guess, index) => guess.add(row[index]));
  }
  const columns = table.columns.map(({ name }, index) => {
    const { type, nulls } = guesses[index]!;
    return { name, type, nulls };
  });
  const notes = table.notes;
  return {
    format: "delimited",
    size: source.size,
    rows,
    columns,
    observations: rows,
    ...(notes.length === 0 ? {} : { notes }),
  };
}
