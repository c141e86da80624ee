import type { Reader } from "../../../store/database/database.ts";
import { laminChange } from "../../side_tables.ts";
import { loggedRow } from "../net_change.ts";
import { nothing } from "./merged.ts";

interface Change {
  readonly first_id: number;
  readonly last_id: number;
  /** The columns that were set, as JSON object; NULL for rows that were inserted or deleted. */
  readonly set_columns: string | null;
}

/** Columns of a row that operations changed; all of one that they inserted or deleted. */
export type ChangedColumns = ReadonlySet<string> | "all";

/**
 * Tells what the operations after some one changed in a table, asked in the order of ids; one entry
 * of the log is held at a time.
 */
export class Explained {
  /** No row after this one was inserted or deleted by the entries so far. */
  #wholeUntil = -1;
  #id = -1;
  #columns = new Set<string>();
  #next: IteratorResult<Change> | undefined;

  private constructor(private readonly changes: AsyncIterator<Change>) {}

  static async since(reader: Reader, operationId: number, table: string): Promise<Explained> {
    const changes = await reader.hasTable(laminChange.name)
      ? reader.iterate<Change>(
        `SELECT first_id, last_id, CASE WHEN before IS NOT NULL THEN after END AS set_columns
         FROM lamin_change
         WHERE table_name = ? AND operation_id > ? ORDER BY first_id`,
        [table, operationId],
      )
      : nothing();
    return new Explained(changes[Symbol.asyncIterator]());
  }

  /** What the operations changed of a row. Ids have to ascend from call to call. */
  async columnsOf(id: number): Promise<ChangedColumns> {
    this.#next ??= await this.changes.next();
    for (; !this.#next.done && this.#next.value.first_id <= id;) {
      this.#take(this.#next.value);
      this.#next = await this.changes.next();
    }
    if (id <= this.#wholeUntil) return "all";
    return this.#id === id ? this.#columns : new Set();
  }

  #take({ first_id, last_id, set_columns }: Change): void {
    if (set_columns === null) {
      this.#wholeUntil = Math.max(this.#wholeUntil, last_id);
      return;
    }
    if (this.#id !== first_id) this.#columns = new Set();
    this.#id = first_id;
    for (const name of Object.keys(loggedRow(set_columns))) this.#columns.add(name);
  }

  async close(): Promise<void> {
    await this.changes.return?.();
  }
}
