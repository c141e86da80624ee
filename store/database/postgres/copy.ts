import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";
import type { ColumnValues } from "./insert.ts";
import { parameter } from "./values.ts";

/** Rows that are made into text at once. */
const chunkRows = 500;

/** Inserts rows by `COPY` in its text format (PostgreSQL manual, COPY, "Text Format"). */
export async function copyRows(
  connection: Connection,
  table: Table,
  columns: readonly ColumnValues[],
): Promise<void> {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  // Checked before, since a text that is refused in the middle would leave the stream half full.
  const texts = columns.map(({ values }) => values.map(field));
  const stream = await connection.copyFrom(
    `COPY ${quote(table.name)} (${names}) FROM STDIN`,
  );
  const count = texts[0]!.length;
  await connection.finishCopy(stream, chunks(texts, count));
}

function* chunks(texts: readonly (readonly string[])[], count: number): Generator<string> {
  for (let start = 0; start < count; start += chunkRows) {
    let chunk = "";
    for (let row = start; row < Math.min(count, start + chunkRows); row++) {
      for (let column = 0; column < texts.length; column++) {
        chunk += (column === 0 ? "" : "\t") + texts[column]![row]!;
      }
      chunk += "\n";
    }
    yield chunk;
  }
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function field(value: SqlValue): string {
  const text = parameter(value);
  if (text === null) return "\\N";
  return typeof value === "number" ? text : text.replace(/[\\\n\r\t]/g, (one) => escapes[one]!);
}
