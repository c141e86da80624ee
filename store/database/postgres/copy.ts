import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";
import type { ColumnValues } from "./insert.ts";
import { parameter } from "./values.ts";

/** Rows that are made into text at once. */
const chunkRows = 1000;

/** Inserts rows by `COPY` in its text format (PostgreSQL manual, COPY, "Text Format"). */
export async function copyRows(
  connection: Connection,
  table: Table,
  columns: readonly ColumnValues[],
): Promise<void> {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  // Made before, since a text that is refused in the middle would leave the stream half full.
  const texts = columns.map(fields);
  const count = texts[0]!.length;
  const chunks: string[] = [];
  for (let start = 0; start < count; start += chunkRows) {
    chunks.push(lines(texts, start, Math.min(count, start + chunkRows)));
  }
  await connection.copy(`COPY ${quote(table.name)} (${names}) FROM STDIN`, chunks);
}

function lines(texts: readonly (readonly string[])[], start: number, end: number): string {
  let all = "";
  for (let row = start; row < end; row++) {
    for (let column = 0; column < texts.length; column++) {
      all += (column === 0 ? "" : "\t") + texts[column]![row]!;
    }
    all += "\n";
  }
  return all;
}

/** The values of a column as text; many have the one before again. */
function fields({ values }: ColumnValues): string[] {
  let last: SqlValue = null;
  let text = "\\N";
  return values.map((value) => {
    if (value !== last) [last, text] = [value, field(value)];
    return text;
  });
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const special = /[\\\n\r\t]/;

function field(value: SqlValue): string {
  const text = parameter(value);
  if (text === null) return "\\N";
  if (typeof value === "number" || !special.test(text)) return text;
  return text.replace(/[\\\n\r\t]/g, (one) => escapes[one]!);
}
