import type { Reader, Writer } from "../../../store/database/database.ts";
import { laminLedger } from "../tables.ts";
import { TableLedger } from "./ledger.ts";
import { undoneArrivals } from "./undone.ts";

/** The notes that a database holds of one instance, each table's read when first asked for. */
export class Ledgers {
  readonly #byTable = new Map<string, Promise<TableLedger>>();
  #noted: Promise<ReadonlySet<string>> | undefined;
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

  /** The tables of which anything was noted. */
  noted(): Promise<ReadonlySet<string>> {
    return this.#noted ??= notedTables(this.reader, this.owner);
  }

  /** Of most tables nothing was noted, and on a server each look costs a round trip. */
  async #read(table: string): Promise<TableLedger> {
    const { reader, owner } = this;
    if (!(await this.noted()).has(table)) return TableLedger.empty(owner, table);
    if (owner !== "") return await TableLedger.read(reader, owner, table);
    const undone = await (this.#undone ??= undoneArrivals(reader));
    return await TableLedger.read(reader, owner, table, undone.get(table));
  }

  /** Writes what changed in them. */
  async save(writer: Writer): Promise<void> {
    for (const ledger of this.#byTable.values()) await (await ledger).save(writer);
  }
}

/** Tables of which an owner has any notes. */
async function notedTables(reader: Reader, owner: string): Promise<ReadonlySet<string>> {
  if (!(await reader.hasTable(laminLedger.name))) return new Set();
  const rows = await reader.all<{ table_name: string }>(
    `SELECT DISTINCT table_name FROM lamin_ledger WHERE owner = ?
     UNION SELECT DISTINCT table_name FROM lamin_revision WHERE owner = ?`,
    [owner, owner],
  );
  return new Set(rows.map(({ table_name }) => table_name));
}
