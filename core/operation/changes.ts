import type { Reader, Writer } from "../../store/database/database.ts";
import type { NewRowOf, RowOf, Table } from "../../store/database/table.ts";
import type { ChangeRow } from "../side_tables.ts";

/**
 * Changes rows and remembers how they were: the only way in which commands write to the database,
 * so that every one of them can be listed, undone and carried to other instances.
 */
export class Changes {
  readonly #recorded: Omit<ChangeRow, "id" | "operation_id">[] = [];

  constructor(readonly writer: Writer) {}

  /** For queries inside the transaction. */
  get reader(): Reader {
    return this.writer;
  }

  /** What was changed, in order. */
  get recorded(): readonly Omit<ChangeRow, "id" | "operation_id">[] {
    return this.#recorded;
  }

  /** Inserts rows; returns their ids in order. */
  async insert<T extends Table>(table: T, rows: readonly NewRowOf<T>[]): Promise<number[]> {
    if (rows.length === 0) return [];
    const ids = await this.writer.insert(table, rows);
    for (const [first_id, last_id] of unbrokenRanges(ids)) {
      this.inserted(table, first_id, last_id);
    }
    return ids;
  }

  /** Notes rows that the database itself inserted: an unbroken range of ids. */
  inserted({ name: table_name }: Table, first_id: number, last_id: number): void {
    this.#recorded.push({ table_name, first_id, last_id, before: null, after: null });
  }

  /** Sets columns of rows; columns that already have the value are not recorded as changed. */
  async update<T extends Table>(
    table: T,
    rows: readonly RowOf<T>[],
    changes: NewRowOf<T>,
  ): Promise<void> {
    const changed = rows.filter((row) => differs(row, changes));
    if (changed.length === 0) return;
    await this.writer.update(table, changed.map(idOf), changes);
    for (const row of changed) this.#record(table, row, changes);
  }

  /** Deletes rows. What refers to them is the caller's to handle. */
  async delete<T extends Table>(table: T, rows: readonly RowOf<T>[]): Promise<void> {
    await this.writer.delete(table, rows.map(idOf));
    for (const row of rows) this.#record(table, row, null);
  }

  #record(table: Table, row: object, after: object | null): void {
    this.#recorded.push({
      table_name: table.name,
      first_id: idOf(row),
      last_id: idOf(row),
      before: JSON.stringify(row),
      after: after === null ? null : JSON.stringify(after),
    });
  }
}

function idOf(row: object): number {
  return (row as { id: number }).id;
}

function differs(row: object, changes: object): boolean {
  const before = row as Record<string, unknown>;
  return Object.entries(changes).some(([name, value]) => before[name] !== value);
}

/** `[1, 2, 3, 7]` as `[[1, 3], [7, 7]]`. */
export function unbrokenRanges(ids: readonly number[]): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges;
}
