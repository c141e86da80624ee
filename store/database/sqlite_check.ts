import type { DatabaseSync } from "node:sqlite";

/** Most faults of each kind that are told. */
const toldMax = 100;

/**
 * What is wrong with a SQLite file: its pages and indexes, and references to rows that are not
 * there.
 */
export function checkSqlite(handle: DatabaseSync): string[] {
  return [...faults(() => structureFaults(handle)), ...faults(() => danglingReferences(handle))];
}

function structureFaults(handle: DatabaseSync): string[] {
  const rows = handle.prepare(`PRAGMA main.quick_check(${toldMax})`).all();
  return rows.map((row) => String(row["quick_check"])).filter((text) => text !== "ok");
}

function danglingReferences(handle: DatabaseSync): string[] {
  // A database with a million of them is told of by the first ones. Not by an iterator: Deno's end
  // where a statement fails, as if nothing more was wrong.
  const rows = handle.prepare(
    `SELECT "rowid", "table", "parent" FROM pragma_foreign_key_check(NULL, 'main')
     LIMIT ${toldMax + 1}`,
  ).all();
  const found = rows.slice(0, toldMax).map((row) =>
    `row ${row["rowid"]} of ${row["table"]} refers to a row of ${row["parent"]} that is not there`
  );
  return rows.length > toldMax ? [...found, "and more rows refer to what is not there"] : found;
}

/** A check that cannot be carried out is a fault as well. */
function faults(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
