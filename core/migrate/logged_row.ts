import type { Dialect } from "../../store/database/database.ts";
import type { Column, Table } from "../../store/database/table.ts";
import { dumpJson } from "../python/json.ts";
import { isPythonDict, type PythonValue } from "../python/value.ts";
import { canonicalOf } from "./canonical_value.ts";
import { carriedTo } from "./carried_value.ts";
import { jsonbOf, parsed } from "./jsonb_text.ts";
import { Misfit } from "./misfit.ts";

/**
 * Rows that the operation log keeps hold times and JSON as the texts of an engine, and `undo`
 * compares them with what rows have: so they change their form along with the rows.
 */
export class LoggedRows {
  readonly #columns: ReadonlyMap<string, Readonly<Record<string, Column>>>;

  constructor(tables: readonly Table[], private readonly engine: Dialect["name"]) {
    this.#columns = new Map(tables.map(({ name, columns }) => [name, columns]));
  }

  /** The canonical form of a row of `table` in the log. Throws a {@link Misfit}. */
  canonical(table: string, text: string): string {
    return jsonbOf(this.#map(table, text, canonicalText));
  }

  /** A canonical row as the log of the engine is to hold it. */
  carried(table: string, text: string): string {
    const value = this.#map(table, text, (column, value) => {
      return String(carriedTo(this.engine, column)(value));
    });
    return this.engine === "postgres" ? jsonbOf(value) : dumpJson(value);
  }

  #map(
    table: string,
    text: string,
    change: (column: Column, value: string) => string,
  ): PythonValue {
    const row = parsed(text);
    const columns = this.#columns.get(table);
    if (!isPythonDict(row) || columns === undefined) return row;
    const members = [...row].map(([name, value]): [string, PythonValue] => {
      const column = columns[name];
      return [name, column && typeof value === "string" ? change(column, value) : value];
    });
    return new Map(members);
  }
}

/** What is no value of the column any more is history, and stays what it is. */
function canonicalText(column: Column, value: string): string {
  try {
    return String(canonicalOf(column)(value));
  } catch (error) {
    if (error instanceof Misfit) return value;
    throw error;
  }
}
