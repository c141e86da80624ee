import type { SqlRow } from "../../../store/database/database.ts";
import type { Table } from "../../../store/database/table.ts";
import { lowered } from "../../../store/database/unique.ts";

/**
 * Bytes of the texts in one index entry below which Postgres takes it in any case. It takes up to
 * 2704 bytes (PostgreSQL manual, 67.1) after compressing, of which only the server knows how far.
 */
const surelyShort = 2600;

/** Most bytes of UTF-8 for a unit of UTF-16. */
const bytesPerUnit = 3;

/** The lists of text columns that are indexed together. */
export function indexedTexts(table: Table): string[][] {
  const single = Object.entries(table.columns)
    .filter(([, { unique, indexed }]) => unique || indexed)
    .map(([name]) => [name]);
  const several = [...table.indexes, ...table.unique.map(({ columns }) => columns)]
    .map((columns) => columns.map((column) => lowered(column) ?? column));
  const isText = (name: string) => ["text", "varchar"].includes(table.columns[name]?.type ?? "");
  return [...single, ...several].map((columns) => columns.filter(isText))
    .filter((columns) => columns.length > 0);
}

/** Finds rows whose texts may be too long for an index. */
export class LongTexts {
  readonly ids: number[] = [];
  readonly #indexes: readonly (readonly string[])[];
  /** All columns that are in any of them. */
  readonly #columns: readonly string[];
  readonly #encoder = new TextEncoder();

  constructor(table: Table) {
    this.#indexes = indexedTexts(table);
    this.#columns = [...new Set(this.#indexes.flat())];
  }

  look(row: SqlRow): void {
    if (mostBytes(this.#columns, row) < surelyShort) return;
    if (this.#indexes.some((columns) => this.#mayBeLong(columns, row))) {
      this.ids.push(Number(row["id"]));
    }
  }

  #mayBeLong(columns: readonly string[], row: SqlRow): boolean {
    if (mostBytes(columns, row) < surelyShort) return false;
    const text = columns.map((column) => row[column] ?? "").join("");
    return this.#encoder.encode(text).length >= surelyShort;
  }
}

/** What the texts come to at most. */
function mostBytes(columns: readonly string[], row: SqlRow): number {
  let units = 0;
  for (const column of columns) {
    const value = row[column];
    if (typeof value === "string") units += value.length;
  }
  return units * bytesPerUnit;
}
