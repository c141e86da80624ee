import type { ColumnValues } from "../column_values.ts";
import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";
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
  const form = formOf(columns);
  const count = columns[0]!.values.length;
  const chunks: string[] = [];
  for (let start = 0; start < count; start += chunkRows) {
    chunks.push(lines(form, start, Math.min(count, start + chunkRows)));
  }
  await connection.copy(`COPY ${quote(table.name)} (${names}) FROM STDIN`, chunks);
}

/** What all lines have in common, and what stands in between in each. */
interface Form {
  readonly fields: readonly (readonly string[])[];
  /** The text before each field. */
  readonly before: readonly string[];
  readonly end: string;
}

/** Fields that are the same in all rows are part of what the lines have in common. */
function formOf(columns: readonly ColumnValues[]): Form {
  const fields: string[][] = [];
  const before: string[] = [];
  let text = "";
  columns.forEach(({ values, isShared }, position) => {
    if (position > 0) text += "\t";
    if (isShared) text += field(values[0]!);
    else {
      fields.push(fieldsOf(values));
      before.push(text);
      text = "";
    }
  });
  return { fields, before, end: `${text}\n` };
}

function lines({ fields, before, end }: Form, start: number, finish: number): string {
  let all = "";
  for (let row = start; row < finish; row++) {
    for (let nth = 0; nth < fields.length; nth++) all += before[nth]! + fields[nth]![row]!;
    all += end;
  }
  return all;
}

/** The values of a column as text; many have the one before again. */
function fieldsOf(values: readonly SqlValue[]): string[] {
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
