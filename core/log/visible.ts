import type { Condition } from "../../store/database/database.ts";
import type { LogFilter } from "./entry.ts";

/**
 * True of artifacts that a history shows: on the branches asked for, and none that LaminDB keeps
 * for itself, such as reports of runs. `name` is what the query calls the table.
 */
export function visible(name: string, { branches }: LogFilter): Condition {
  const isOrdinary = `(${name}.kind IS NULL OR ${name}.kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\')`;
  if (branches === undefined) return { sql: isOrdinary, parameters: [] };
  const places = branches.map(() => "?").join(", ");
  // Nearly all are on these branches: no index on that (`+x`) before one on what was asked for.
  return { sql: `(${isOrdinary} AND +${name}.branch_id IN (${places}))`, parameters: branches };
}

/** Conditions on when and by whom a row was made; `name` as above. */
export function madeWithin(name: string, filter: LogFilter): Condition {
  const conditions = ["TRUE"];
  const parameters: string[] = [];
  const add = (condition: string, value: string | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    parameters.push(value);
  };
  add(`${name}.created_at >= ?`, filter.since);
  add(`${name}.created_at <= ?`, filter.until);
  add(
    `${name}.created_by_id IN (SELECT id FROM lamindb_user WHERE handle = ?)`,
    filter.author,
  );
  return { sql: conditions.join(" AND "), parameters };
}
