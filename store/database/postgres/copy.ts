import type { ColumnValues } from "../column_values.ts";
import type { SqlValue } from "../database.ts";
import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";
import { parameter } from "./values.ts";

/** Inserts rows by `COPY` in its text format (PostgreSQL manual, COPY, "Text Format"). */
export async function copyRows(
  connection: Connection,
  table: Table,
  columns: readonly ColumnValues[],
): Promise<void> {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const sql = `COPY ${quote(table.name)} (${names}) FROM STDIN`;
  await connection.copy(sql, lines(formOf(columns), columns[0]!.values.length));
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

function lines({ fields, before, end }: Form, count: number): string {
  let all = "";
  for (let row = 0; row < count; row++) {
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

/** A text without these goes as it is; NUL is for `parameter` to refuse. */
const special = /[\\\n\r\t\0]/;

function field(value: SqlValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && !special.test(value)) return value;
  const text = parameter(value);
  return text === null ? "\\N" : text.replace(/[\\\n\r\t]/g, (one) => escapes[one]!);
}
