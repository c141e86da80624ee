import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Column } from "../../../store/database/table.ts";
import { type Carrier, ColumnMisfit } from "../carrier.ts";
import type { CanonicalValue } from "../canonical_value.ts";
import { rowsSql } from "../rows.ts";
import type { MoveFaults } from "./fault.ts";
import { LongTexts } from "./long_texts.ts";

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
  const tooLarge = reader.dialect.name === "sqlite" ? tooLargeSql(table.columns) : "FALSE";
  let rows = await addTooLarge(reader, carrier, tooLarge, faults);
  for await (const row of reader.iterate<SqlRow>(rowsSql(carrier, `NOT (${tooLarge})`))) {
    rows++;
    onRows(1);
    try {
      const values = carrier.canonical(row);
      long.look(row);
      if (reader.dialect.name === "sqlite") {
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

/** Whole numbers that would end the reading of rows: SQLite holds larger ones than are safe. */
function tooLargeSql(columns: Readonly<Record<string, Column>>): string {
  const bounds = `${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
  return Object.keys(columns).map((name) =>
    `(typeof(${quote(name)}) = 'integer' AND ${quote(name)} NOT BETWEEN ${bounds})`
  ).join(" OR ");
}

/** Gives how many rows have such numbers. */
async function addTooLarge(
  reader: Reader,
  { table, names }: Carrier,
  condition: string,
  faults: MoveFaults,
): Promise<number> {
  if (condition === "FALSE") return 0;
  const which = names.map((name) =>
    `WHEN ${tooLargeSql({ [name]: table.columns[name]! })} THEN '${name}'`
  );
  const rows = await reader.all<{ row: string; name: string }>(
    `SELECT CAST(rowid AS TEXT) AS "row", CASE ${which.join(" ")} END AS name
     FROM ${quote(table.name)} WHERE ${condition} ORDER BY rowid`,
  );
  for (const { row, name } of rows) {
    faults.add({
      table: table.name,
      row: Number(row),
      column: name,
      problem: "is larger than any number can be here",
      remedy: "give it a whole number below 2^53",
    });
  }
  return rows.length;
}

/** What stands for bytes that are no text. */
const replacement = "\uFFFD";

/** Texts whose bytes are not UTF-8: they would arrive as other texts. */
async function addGarbledTexts(
  reader: Reader,
  { table, names }: Carrier,
  row: SqlRow,
  values: readonly CanonicalValue[],
  faults: MoveFaults,
): Promise<void> {
  for (let index = 0; index < names.length; index++) {
    const value = values[index];
    if (typeof value !== "string" || !value.includes(replacement)) continue;
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
