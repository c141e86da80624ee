import type { Dialect, SqlRow, SqlValue } from "../../store/database/database.ts";
import type { Table } from "../../store/database/table.ts";
import { laminChange } from "../side_tables.ts";
import { canonicalOf, type CanonicalValue } from "./canonical_value.ts";
import { carriedTo } from "./carried_value.ts";
import { LoggedRows } from "./logged_row.ts";
import { Misfit } from "./misfit.ts";

/** A value that cannot be carried, with the column that has it. */
export class ColumnMisfit {
  constructor(readonly column: string, readonly misfit: Misfit) {}
}

/** Carries the rows of one table from any engine to one of them, value by value. */
export class Carrier {
  readonly names: readonly string[];
  readonly #canonical: readonly ((value: SqlValue, row: SqlRow) => CanonicalValue)[];
  readonly #carried: readonly ((value: CanonicalValue, row: SqlRow) => CanonicalValue)[];

  /** `all` are the tables of the instance, whose rows the operation log speaks of. */
  constructor(readonly table: Table, all: readonly Table[], engine: Dialect["name"]) {
    const columns = Object.entries(table.columns);
    this.names = columns.map(([name]) => name);
    const logged = new LoggedRows(all, engine);
    const isLogged = (name: string) =>
      table.name === laminChange.name && (name === "before" || name === "after");
    this.#canonical = columns.map(([name, column]) =>
      isLogged(name)
        ? (value, row) => value === null ? null : logged.canonical(tableOf(row), String(value))
        : canonicalOf(column)
    );
    this.#carried = columns.map(([name, column]) =>
      isLogged(name)
        ? (value, row) => value === null ? null : logged.carried(tableOf(row), String(value))
        : carriedTo(engine, column)
    );
  }

  /** The canonical values of a row, in the order of `names`. Throws a {@link ColumnMisfit}. */
  canonical(row: SqlRow): CanonicalValue[] {
    const values: CanonicalValue[] = [];
    for (let index = 0; index < this.names.length; index++) {
      const name = this.names[index]!;
      try {
        values.push(this.#canonical[index]!(row[name]!, row));
      } catch (error) {
        throw error instanceof Misfit ? new ColumnMisfit(name, error) : error;
      }
    }
    return values;
  }

  /** The row that the engine is to hold, of one's canonical values. */
  carried(values: readonly CanonicalValue[], row: SqlRow): Record<string, CanonicalValue> {
    const carried: Record<string, CanonicalValue> = {};
    for (let index = 0; index < this.names.length; index++) {
      carried[this.names[index]!] = this.#carried[index]!(values[index]!, row);
    }
    return carried;
  }
}

function tableOf(row: SqlRow): string {
  return String(row["table_name"]);
}
