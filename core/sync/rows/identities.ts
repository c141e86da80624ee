import type { Reader, SqlRow, SqlValue } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { LaminError } from "../../../store/errors.ts";
import { identityOfUid, type RowHash } from "./row_hash.ts";
import type { RowShape } from "./shape.ts";

/** Identities of the rows of tables by their ids, each table read when first asked for. */
export class Identities {
  readonly #byTable = new Map<string, Promise<ReadonlyMap<number, string>>>();

  constructor(
    private readonly reader: Reader,
    private readonly shapes: ReadonlyMap<string, RowShape>,
    private readonly hash: RowHash,
  ) {}

  /** Empty for a table that does not travel. */
  of(table: string): Promise<ReadonlyMap<number, string>> {
    let known = this.#byTable.get(table);
    if (known === undefined) this.#byTable.set(table, known = this.#read(table));
    return known;
  }

  async #read(table: string): Promise<ReadonlyMap<number, string>> {
    const shape = this.shapes.get(table);
    const identities = new Map<number, string>();
    if (shape === undefined || (await this.reader.columnsOf(table)).length === 0) {
      return identities;
    }
    const identify = await this.identifierOf(shape);
    const names = ["id", ...shape.identity].map(quote).join(", ");
    const rows = this.reader.iterate<SqlRow>(`SELECT ${names} FROM ${quote(table)}`);
    for await (const row of rows) identities.set(Number(row["id"]), identify(row));
    return identities;
  }

  /** What gives the identity of a row that has the columns for it. */
  async identifierOf(shape: RowShape): Promise<(row: SqlRow) => string> {
    if (shape.identity[0] === "uid") return (row) => identityOfUid(String(row["uid"]));
    const { name } = shape.registry;
    const values = await this.valuesOf(shape, shape.identity);
    return (row) => this.hash([name, ...values(row)]);
  }

  /** What gives values of a row, with identities in the place of ids. */
  async valuesOf(
    shape: RowShape,
    columns: readonly string[],
  ): Promise<(row: SqlRow) => (string | number | null)[]> {
    const { name } = shape.registry;
    const readers = await Promise.all(columns.map(async (column) => {
      const target = shape.references.get(column);
      if (target === undefined) return (row: SqlRow) => plain(row[column]!);
      const identities = await this.of(target);
      return (row: SqlRow) => identityIn(identities, name, column, row);
    }));
    return (row) => readers.map((read) => read(row));
  }
}

function plain(value: SqlValue): string | number | null {
  return typeof value === "string" || typeof value === "number" || value === null
    ? value
    : String(value);
}

/** Throws code "damaged" for a reference to nothing. */
export function identityIn(
  identities: ReadonlyMap<number, string>,
  table: string,
  column: string,
  row: SqlRow,
): string | null {
  const id = row[column] ?? null;
  if (id === null) return null;
  const identity = identities.get(Number(id));
  if (identity !== undefined) return identity;
  throw new LaminError(
    "damaged",
    `row ${row["id"]} of ${table} refers by ${column} to a row that is not there`,
    { hint: "'lamin fsck' says more", data: { table, column, id: Number(row["id"]) } },
  );
}
