import type { DecodedArray } from "hyparquet";
import {
  type Row,
  type TableColumn,
  tableColumnsMax,
  type TableReader,
} from "../../../core/diff/table_reader.ts";
import type { Cell } from "../../../core/format/change.ts";
import type { Source } from "../../../core/format/format.ts";
import { cellText } from "./cell_text.ts";
import { columnValues, endsEarly } from "./column_values.ts";
import { decoding, unsupported } from "./damage.ts";
import { type Footer, readFooter, type RowGroup } from "./footer.ts";
import type { Column } from "./schema.ts";
import { numberKind, typeName } from "./type_name.ts";

/** Most cells in a batch; a row is whole anyway. */
const batchCells = 65_536;

/**
 * A Parquet file as a table; columns that pandas wrote for its index are columns like others. Of
 * each column one page is held at a time, or one row group where it is nested.
 *
 * @throws LaminError as {@link readFooter}, and "failed" when two columns have the same name; the
 * batches as {@link columnValues}.
 */
export async function openParquet(source: Source): Promise<TableReader> {
  const footer = await readFooter(source);
  checkNames(source, footer.columns);
  return {
    name: source.name,
    columns: tableColumns(source, footer),
    notes: [],
    async *batches() {
      if (footer.columns.length === 0) return;
      for (const group of footer.groups) yield* groupBatches(source, footer.columns, group);
    },
  };
}

function checkNames(source: Source, columns: readonly Column[]): void {
  const names = new Set<string>();
  for (const { field: { element: { name } } } of columns) {
    if (names.has(name)) throw unsupported(source.name, `the column name ${name} twice`);
    names.add(name);
  }
  if (names.size > tableColumnsMax) {
    throw unsupported(source.name, `more than ${tableColumnsMax} columns`);
  }
}

/** The columns with their types, as the diff and a description need them. */
export function tableColumns(source: Source, { columns }: Footer): TableColumn[] {
  return decoding(source.name, "the schema", () =>
    columns.map(({ field }) => {
      const number = numberKind(field);
      const base = { name: field.element.name, type: typeName(field) };
      return number === undefined ? base : { ...base, number };
    }));
}

async function* groupBatches(
  source: Source,
  columns: readonly Column[],
  group: RowGroup,
): AsyncGenerator<Row[]> {
  const cursors = cursorsOf(source, columns, group);
  const most = (left: number) => Math.min(left, Math.ceil(batchCells / columns.length));
  try {
    for (let left = group.rows; left > 0;) {
      await Promise.all(cursors.map((cursor) => cursor.ready()));
      const count = cursors.reduce((least, cursor) => Math.min(least, cursor.left), most(left));
      const cells = cursors.map((cursor) => cursor.take(count));
      yield Array.from({ length: count }, (_, row) => cells.map((column) => column[row]!));
      left -= count;
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

function cursorsOf(
  source: Source,
  columns: readonly Column[],
  group: RowGroup,
): ColumnCursor[] {
  let leaf = 0;
  return columns.map((column) => {
    const chunks = group.chunks.slice(leaf, leaf += column.leaves.length);
    return new ColumnCursor(source, column, columnValues(source, column, chunks));
  });
}

/** The cells of a column as text, with one piece of its values at hand. */
class ColumnCursor {
  readonly #text: (value: unknown) => Cell;
  #values: DecodedArray = [];
  #at = 0;

  constructor(
    private readonly source: Source,
    private readonly column: Column,
    private readonly pieces: AsyncGenerator<DecodedArray>,
  ) {
    this.#text = cellText(column.field);
  }

  get left(): number {
    return this.#values.length - this.#at;
  }

  /** Makes at least one value available. */
  async ready(): Promise<void> {
    while (this.left === 0) {
      const { done, value } = await this.pieces.next();
      if (done) throw endsEarly(this.source, this.column);
      this.#values = value;
      this.#at = 0;
    }
  }

  take(count: number): Cell[] {
    const start = this.#at;
    this.#at += count;
    return decoding(this.source.name, `column ${this.column.field.element.name}`, () => {
      return Array.from({ length: count }, (_, index) => this.#text(this.#values[start + index]));
    });
  }

  async close(): Promise<void> {
    await this.pieces.return(undefined);
  }
}
