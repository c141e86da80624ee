import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { type Carrier, ColumnMisfit } from "../carrier.ts";
import type { CanonicalValue } from "../canonical_value.ts";
import { rowsSql } from "../rows.ts";
import type { MoveFaults } from "./fault.ts";
import { LongTexts } from "./long_texts.ts";
import { addUnreadable, readableSql } from "./unreadable.ts";

/** What a look at all rows of a table came to. */
export interface Survey {
  readonly rows: number;
  /** Ids of rows whose texts may be too long for an index of Postgres. */
  readonly longTexts: readonly number[];
}

/** Looks at every value of a table, whether the other engine can hold it. */
export async function surveyTable(
  reader: Reader,
  carrier: Carrier,
  faults: MoveFaults,
  onRows: (count: number) => void,
): Promise<Survey> {
  const { table } = carrier;
  const long = new LongTexts(table);
  const isSqlite = reader.dialect.name === "sqlite";
  let rows = isSqlite ? await addUnreadable(reader, table, faults) : 0;
  const readable = rows > 0 ? readableSql(table) : "TRUE";
  for await (const row of reader.iterate<SqlRow>(rowsSql(carrier, readable))) {
    rows++;
    onRows(1);
    try {
      const values = carrier.canonical(row);
      long.look(row);
      if (isSqlite && values.some(mayBeGarbled)) {
        await addGarbledTexts(reader, carrier, row, values, faults);
      }
    } catch (error) {
      if (!(error instanceof ColumnMisfit)) throw error;
      const { column, misfit: { problem, remedy } } = error;
      faults.add({ table: table.name, row: idOf(row), column, problem, remedy });
    }
  }
  return { rows, longTexts: long.ids };
}

/** What stands for bytes that are no text. */
const replacement = "\uFFFD";

function mayBeGarbled(value: CanonicalValue): boolean {
  return typeof value === "string" && value.includes(replacement);
}

/** Texts whose bytes are not UTF-8: they would arrive as other texts. */
async function addGarbledTexts(
  reader: Reader,
  { table, names }: Carrier,
  row: SqlRow,
  values: readonly CanonicalValue[],
  faults: MoveFaults,
): Promise<void> {
  for (let index = 0; index < names.length; index++) {
    if (!mayBeGarbled(values[index]!)) continue;
    const column = names[index]!;
    const stored = await reader.first<{ bytes: Uint8Array }>(
      `SELECT CAST(${quote(column)} AS BLOB) AS bytes FROM ${quote(table.name)} WHERE id = ?`,
      [idOf(row)],
    );
    if (stored !== undefined && isText(stored.bytes)) continue;
    faults.add({
      table: table.name,
      row: idOf(row),
      column,
      problem: "has bytes that are no UTF-8",
      remedy: "write the text anew",
    });
  }
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function idOf(row: SqlRow): number {
  return Number(row["id"]);
}
