import { type Row, tableColumnsMax, type TableReader } from "../../../core/diff/table_reader.ts";
import type { Source } from "../../../core/format/format.ts";
import { LaminError } from "../../../store/errors.ts";
import { decodeStream } from "../utf8.ts";
import { dialectOf } from "./dialect.ts";
import { gunzip } from "./gunzip.ts";
import { columnsOf } from "./header.ts";
import { Remarks } from "./remarks.ts";
import { type Records, records } from "./records.ts";

/** Rows below the header that are looked at for row names. */
const firstRowsMax = 10;

/** Most characters to look for the end of the first line in. */
const headCharacters = 64 * 1024;

/**
 * A delimited table over a source, of which the start is read now and all when its batches are. The
 * first line that is not blank is the header; blank lines below are no rows where there is more
 * than one column.
 *
 * @throws LaminError "damaged" as {@link records} and {@link gunzip}, here or from the batches.
 */
export async function openDelimited(source: Source): Promise<TableReader> {
  const columns = await readColumns(source);
  const remarks = new Remarks();
  return {
    name: source.name,
    columns,
    get notes() {
      return remarks.texts();
    },
    async *batches() {
      let isHeaderNext = true;
      for await (const { rows, misquoted } of allRecords(source)) {
        remarks.misquoted(misquoted.length);
        let batch: Row[] = columns.length > 1 ? rows.filter(isNotBlank) : rows;
        if (isHeaderNext) {
          const header = rows.findIndex(isNotBlank);
          if (header < 0) continue;
          batch = columns.length > 1 ? batch.slice(1) : rows.slice(header + 1);
          isHeaderNext = false;
        }
        remarks.check(batch, columns.length);
        yield batch;
      }
    },
  };
}

async function readColumns(source: Source) {
  const first: string[][] = [];
  for await (const { rows } of allRecords(source)) {
    for (const row of rows) {
      if (isNotBlank(row) && first.length <= firstRowsMax) first.push(row);
    }
    if (first.length > firstRowsMax) break;
  }
  const [header = [], ...rows] = first;
  if (header.length > tableColumnsMax) {
    throw new LaminError("failed", `${source.name} has more than ${tableColumnsMax} columns.`, {
      data: { name: source.name },
    });
  }
  return columnsOf(header, rows);
}

async function* allRecords(source: Source): AsyncGenerator<Records> {
  const bytes = source.name.toLowerCase().endsWith(".gz") ? gunzip(source) : source.stream();
  const pieces = decodeStream(bytes);
  try {
    let head = "";
    while (!head.includes("\n") && head.length < headCharacters) {
      const { done, value } = await pieces.next();
      if (done) break;
      head += value;
    }
    if (head.startsWith("\ufeff")) head = head.slice(1);
    const dialect = dialectOf(source.name, head.slice(0, headCharacters));
    yield* records(source.name, joined(head, pieces), dialect);
  } finally {
    await pieces.return(undefined);
  }
}

async function* joined(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function isNotBlank(row: readonly string[]): boolean {
  return row.length !== 1 || row[0] !== "";
}
