import type { Reader, Writer } from "../../../store/database/database.ts";
import { TableLedger } from "./ledger.ts";
import { undoneArrivals } from "./undone.ts";

/** The notes that a database holds of one instance, each table's read when first asked for. */
export class Ledgers {
  readonly #byTable = new Map<string, Promise<TableLedger>>();

  #undone: Promise<ReadonlyMap<string, ReadonlySet<number>>> | undefined;

  /** `owner` is empty for the database's own instance. */
  constructor(private readonly reader: Reader, private readonly owner: string) {}

  of(table: string): Promise<TableLedger> {
    let known = this.#byTable.get(table);
    if (known === undefined) {
      this.#byTable.set(table, known = this.#read(table));
    }
    return known;
  }

  async #read(table: string): Promise<TableLedger> {
    if (this.owner !== "") return await TableLedger.read(this.reader, this.owner, table);
    const undone = await (this.#undone ??= undoneArrivals(this.reader));
    return await TableLedger.read(this.reader, this.owner, table, undone.get(table));
  }

  /** Writes what changed in them. */
  async save(writer: Writer): Promise<void> {
    for (const ledger of this.#byTable.values()) await (await ledger).save(writer);
  }
}
