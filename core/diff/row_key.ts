import { LaminError } from "../../store/errors.ts";
import type { Cell } from "../format/change.ts";
import { nearest } from "../text/nearest.ts";
import { canonicalNumber, type NumberKind } from "./number.ts";
import type { Row, TableReader } from "./table_reader.ts";

/** Makes the keys of the rows of one side. */
export class RowKeys {
  readonly #columns: readonly { name: string; index: number; number: NumberKind | undefined }[];

  /** @throws LaminError "usage" when the table has no column of one of the names in `on`. */
  constructor(private readonly table: TableReader, on: readonly string[]) {
    this.#columns = on.map((name) => {
      const index = table.columns.findIndex((column) => column.name === name);
      if (index < 0) throw missing(table, name);
      return { name, index, number: table.columns[index]!.number };
    });
  }

  /** A text that two rows share when all their key cells are equal: numbers by value. */
  keyOf(row: Row): string {
    const cells = this.#columns.map(({ index, number }) => {
      const cell = row[index] ?? null;
      return cell === null || number === undefined ? cell : canonicalNumber(cell, number);
    });
    const [first] = cells;
    return cells.length === 1 && first != null ? `=${first}` : JSON.stringify(cells);
  }

  /** The key cells by the names of their columns. */
  named(row: Row): Record<string, Cell> {
    return Object.fromEntries(this.#columns.map(({ name, index }) => [name, row[index] ?? null]));
  }

  /** The error for a key that two rows have. */
  twice(row: Row, first: number, second: number): LaminError {
    const key = this.named(row);
    const text = Object.entries(key).map(([name, cell]) => `${name}=${cell ?? "(null)"}`).join(
      ", ",
    );
    return new LaminError(
      "failed",
      `The key ${text} is not unique in ${this.table.name}: rows ${first} and ${second} have it.`,
      {
        hint: "Name more columns that tell rows apart, or none to compare by position.",
        data: { key, rows: [first, second], name: this.table.name },
      },
    );
  }
}

function missing(table: TableReader, name: string): LaminError {
  const names = table.columns.map((column) => column.name);
  const [likely] = nearest(name, names);
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ", …" : "");
  return new LaminError("usage", `There is no column ${name} in ${table.name}.`, {
    hint: likely === undefined ? `Its columns: ${shown}.` : `Did you mean ${likely}?`,
    data: { column: name, name: table.name },
  });
}
