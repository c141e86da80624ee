import type { DatabaseSync } from "node:sqlite";
import { LaminError } from "../errors.ts";
import type { SqlRow, SqlValue } from "./database.ts";

/**
 * The rows of a query, one at a time and all of them. Deno's iterators end where a statement fails,
 * on a damaged page or a number that is too large, as if there were no more rows; whoever deletes
 * what nobody refers to must not take the rest for nothing. So the rows are counted in the end,
 * which reads little. The rows may not be changed meanwhile.
 *
 * Throws what the statement fails with, or code "damaged".
 */
export function* wholeIteration(
  handle: DatabaseSync,
  sql: string,
  parameters: readonly SqlValue[],
): Generator<SqlRow> {
  let seen = 0;
  for (const row of handle.prepare(sql).iterate(...parameters)) {
    seen++;
    yield row as SqlRow;
  }
  const counted = handle.prepare(`SELECT count(*) AS count FROM (${sql})`).get(...parameters);
  if (counted?.["count"] === seen) return;
  // Fails by itself, and says why.
  handle.prepare(`SELECT * FROM (${sql}) LIMIT 1 OFFSET ${seen}`).all(...parameters);
  throw new LaminError("damaged", `only ${seen} of ${counted?.["count"]} rows could be read`, {
    hint: "restore the database from a copy; the objects beside it are unharmed",
  });
}
