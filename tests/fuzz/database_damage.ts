/** Databases that are not what they should be, made of the bytes or rows of a sound one. */
import { DatabaseSync } from "node:sqlite";

/** A database's bytes after something happened to them. */
export interface Damage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Cut at every sector of the first pages and of those behind them at some. */
export function cuts(whole: Uint8Array, next: () => number, many: number): Damage[] {
  const early = Array.from({ length: 40 }, (_, sector) => sector * 512);
  const late = Array.from({ length: 20 }, () => Math.floor(next() * whole.length));
  return sample([...early, ...late], next, many)
    .map((length) => ({ name: `cut at ${length}`, bytes: whole.slice(0, length) }));
}

/** Bits turned over, a few in the header, some in the pages behind it. */
export function flips(whole: Uint8Array, next: () => number, many: number): Damage[] {
  return Array.from({ length: many }, (_, index) => {
    const bytes = whole.slice();
    const range = index % 3 === 0 ? 100 : index % 3 === 1 ? 65_536 : bytes.length;
    const places = Array.from({ length: 1 + index % 8 }, () => Math.floor(next() * range));
    for (const place of places) bytes[place]! ^= 1 << Math.floor(next() * 8);
    return { name: `bits turned at ${places.join(", ")}`, bytes };
  });
}

/** A page that holds noise or another page. */
export function wrongPages(whole: Uint8Array, next: () => number, many: number): Damage[] {
  const pages = whole.length / 4096;
  return Array.from({ length: many }, (_, index) => {
    const bytes = whole.slice();
    const at = Math.floor(next() * pages) * 4096;
    if (index % 3 === 0) bytes.fill(0, at, at + 4096);
    else if (index % 3 === 1) {
      for (let one = at; one < at + 4096; one++) bytes[one] = next() * 256;
    } else bytes.copyWithin(at, Math.floor(next() * pages) * 4096, 4096);
    return { name: `page at ${at}: ${["zeros", "noise", "another"][index % 3]}`, bytes };
  });
}

/** Values that a column may hold though nothing should. */
export const hostileValues: readonly (string | number | bigint | null | Uint8Array)[] = [
  null,
  "",
  -1,
  2n ** 63n - 1n,
  -(2n ** 63n),
  1.5e308,
  "\x1b[2J\u202etext\r\n\x07",
  "{broken",
  "[[[[",
  '{"a": {"b": [1, null, {"c": "\\u001b[31m"}]}, "__proto__": 1}',
  "[".repeat(5000),
  "9".repeat(400),
  "x".repeat(200_000),
  "2026-99-99 99:99:99",
  "../../../etc/passwd",
  "constructor",
  new Uint8Array([0, 255, 254]),
];

/**
 * Puts a value into a column of all rows of a table, whatever the table says of it: files from
 * elsewhere need not be made by its rules. False where SQLite itself cannot hold the value there.
 */
export function plant(
  path: string,
  table: string,
  column: string,
  value: typeof hostileValues[number],
): boolean {
  relax(path, table);
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    const sql = `UPDATE OR IGNORE "${table}" SET "${column}" = ?`;
    return Number(database.prepare(sql).run(value).changes) > 0;
  } catch {
    return false; // a primary key takes whole numbers only
  } finally {
    database.close();
  }
}

/** Takes NOT NULL out of the definition of a table. */
function relax(path: string, table: string): void {
  // The types of Deno do not know the option yet.
  const database = new DatabaseSync(path, { defensive: false } as object);
  try {
    database.exec("PRAGMA writable_schema = ON");
    database.prepare(
      "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table' AND name = ?",
    ).run(table);
  } finally {
    database.close();
  }
}

/** Tables that have rows, with their columns. */
export function filledTables(path: string): Map<string, string[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const names = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    ).all() as { name: string }[];
    const filled = names.filter(({ name }) =>
      database.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined
    );
    return new Map(filled.map(({ name }) => [
      name,
      (database.prepare("SELECT name FROM pragma_table_info(?)").all(name) as { name: string }[])
        .map((column) => column.name),
    ]));
  } finally {
    database.close();
  }
}

/** Some of a list, in its order. */
export function sample<T>(list: readonly T[], next: () => number, many: number): T[] {
  return list.filter(() => next() < many / list.length);
}
