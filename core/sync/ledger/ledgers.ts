import type { Reader, Writer } from "../../../store/database/database.ts";
import { TableLedger } from "./ledger.ts";

/** The notes that a database holds of one instance, each table's read when first asked for. */
export class Ledgers {
  readonly #byTable = new Map<string, Promise<TableLedger>>();

  /** `owner` is empty for the database's own instance. */
  constructor(private readonly reader: Reader, private readonly owner: string) {}

  of(table: string): Promise<TableLedger> {
    let known = this.#byTable.get(table);
    if (known === undefined) {
      this.#byTable.set(table, known = TableLedger.read(this.reader, this.owner, table));
    }
    return known;
  }

  /** Writes what changed in them. */
  async save(writer: Writer): Promise<void> {
    for (const ledger of this.#byTable.values()) await (await ledger).save(writer);
  }
}
