import type { Reader } from "../../../store/database/database.ts";
import { laminChange } from "../../side_tables.ts";
import { loggedRow } from "../net_change.ts";
import { nothing } from "./merged.ts";

interface Change {
  readonly first_id: number;
  readonly last_id: number;
  readonly is_insert: number;
  /** The columns that were set, as JSON object; NULL for rows that were inserted or deleted. */
  readonly set_columns: string | null;
}

/** What operations did to a row. */
export interface Done {
  readonly isInserted: boolean;
  readonly isDeleted: boolean;
  /** Columns that they set. */
  readonly columns: ReadonlySet<string>;
}

/**
 * Tells what the operations after some one did in a table, asked in the order of ids; one entry of
 * the log is held at a time.
 */
export class Explained {
  /** The last row of the ranges of inserted ones so far. */
  #insertedUntil = -1;
  /** The row that the latest entries but those speak of. */
  #id = -1;
  #isDeleted = false;
  #columns = new Set<string>();
  #next: IteratorResult<Change> | undefined;

  private constructor(private readonly changes: AsyncIterator<Change>) {}

  static async since(reader: Reader, operationId: number, table: string): Promise<Explained> {
    const changes = await reader.hasTable(laminChange.name)
      ? reader.iterate<Change>(
        `SELECT first_id, last_id, before IS NULL AS is_insert,
           CASE WHEN before IS NOT NULL THEN after END AS set_columns
         FROM lamin_change WHERE table_name = ? AND operation_id > ? ORDER BY first_id`,
        [table, operationId],
      )
      : nothing();
    return new Explained(changes[Symbol.asyncIterator]());
  }

  /** What they did to a row. Ids have to ascend from call to call. */
  async of(id: number): Promise<Done> {
    this.#next ??= await this.changes.next();
    for (; !this.#next.done && this.#next.value.first_id <= id;) {
      this.#take(this.#next.value);
      this.#next = await this.changes.next();
    }
    const isMeant = this.#id === id;
    return {
      isInserted: id <= this.#insertedUntil,
      isDeleted: isMeant && this.#isDeleted,
      columns: isMeant ? this.#columns : new Set(),
    };
  }

  #take({ first_id, last_id, is_insert, set_columns }: Change): void {
    if (is_insert) {
      this.#insertedUntil = Math.max(this.#insertedUntil, last_id);
      return;
    }
    if (this.#id !== first_id) {
      this.#columns = new Set();
      this.#isDeleted = false;
    }
    this.#id = first_id;
    if (set_columns === null) this.#isDeleted = true;
    else for (const name of Object.keys(loggedRow(set_columns))) this.#columns.add(name);
  }

  async close(): Promise<void> {
    await this.changes.return?.();
  }
}
