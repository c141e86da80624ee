import { LaminError } from "../../../store/errors.ts";
import type { Dialect } from "./dialect.ts";

/**
 * Most characters of one row: a quote that never closes would take the rest of the file into
 * memory.
 */
const rowCharactersMax = 16 * 1024 * 1024;

/** What is used of papaparse, which brings no types. */
interface Papa {
  readonly Parser: new (config: {
    delimiter: string;
    newline: string;
  }) => {
    parse(input: string, baseIndex: number, ignoreLastRow: boolean): {
      data: string[][];
      errors: readonly { code: string; row: number }[];
      meta: { cursor: number };
    };
  };
}

export interface Records {
  readonly rows: string[][];
  /** Indexes of rows that have a quote within a quoted field that is not doubled. */
  readonly misquoted: readonly number[];
}

/**
 * The rows of a delimited text, some at a time, as lists of fields; a line break within quotes
 * belongs to the field.
 *
 * @throws LaminError "damaged" when a quoted field has no end or a row is longer than 16 Mi
 * characters.
 */
export async function* records(
  name: string,
  text: AsyncIterable<string>,
  { delimiter, newline }: Dialect,
): AsyncGenerator<Records> {
  const { default: papa } = await import("papaparse") as unknown as { default: Papa };
  const parser = new papa.Parser({ delimiter, newline });
  let rows = 0;
  let rest = "";
  let wanted = 0;
  for await (const piece of text) {
    rest += piece;
    // A row that did not end is parsed again from its start: twice the text keeps that linear.
    if (rest.length < wanted) continue;
    const { data, errors, meta } = parser.parse(rest, 0, true);
    rest = rest.slice(meta.cursor);
    if (rest.length > rowCharactersMax) throw tooLong(name, rows + data.length + 1);
    wanted = data.length === 0 ? Math.min(2 * rest.length, rowCharactersMax) : 0;
    rows += data.length;
    yield trimmed(data, errors);
  }
  if (rest === "") return;
  const { data, errors } = parser.parse(rest, 0, false);
  const open = errors.find((error) => error.code === "MissingQuotes");
  if (open !== undefined) throw openQuote(name, rows + open.row + 1);
  yield trimmed(withoutLastEmpty(data), errors);
}

/** The parser sees a last empty row after the last line break. */
function withoutLastEmpty(rows: string[][]): string[][] {
  const last = rows.at(-1);
  return last?.length === 1 && last[0] === "" ? rows.slice(0, -1) : rows;
}

/**
 * Lines are split at line feeds, so that files with mixed line ends can be read; returns go here.
 */
function trimmed(rows: string[][], errors: readonly { code: string; row: number }[]): Records {
  for (const row of rows) {
    const last = row.length - 1;
    if (row[last]?.endsWith("\r")) row[last] = row[last]!.slice(0, -1);
  }
  const misquoted = errors.filter((error) => error.code === "InvalidQuotes");
  return { rows, misquoted: [...new Set(misquoted.map((error) => error.row))] };
}

function openQuote(name: string, line: number): LaminError {
  return new LaminError(
    "damaged",
    `${name} has a quoted field that never ends; it begins in record ${line} (the header is 1).`,
    { data: { name, record: line } },
  );
}

function tooLong(name: string, line: number): LaminError {
  return new LaminError(
    "damaged",
    `Record ${line} of ${name} is longer than ${rowCharactersMax} characters.`,
    { hint: "Look for a quote that is not closed.", data: { name, record: line } },
  );
}
