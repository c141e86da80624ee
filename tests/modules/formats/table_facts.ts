import { memorySource } from "../../../core/format/source.ts";
import type { Change, Summary } from "../../../core/format/change.ts";
import type { Source } from "../../../core/format/format.ts";
import type { Row, TableReader } from "../../../core/diff/table_reader.ts";

const fixtures = new URL("../../fixtures/", import.meta.url);

/** What pandas and pyarrow find in a table; made by tests/fixtures/scripts/make_table_facts.py. */
export interface ParquetFacts {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly cells: readonly (readonly (string | null)[])[];
}

export interface TextFacts {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

const facts = JSON.parse(
  Deno.readTextFileSync(new URL("table_facts.json", fixtures)),
) as Readonly<Record<string, ParquetFacts | TextFacts>>;

export const parquetFacts = Object.entries(facts).filter(([name]) =>
  name.endsWith(".parquet")
) as unknown as (readonly [string, ParquetFacts])[];

export const textFacts = Object.entries(facts).filter(([name]) =>
  !name.endsWith(".parquet")
) as unknown as (readonly [string, TextFacts])[];

/** Bytes of a table of tests/fixtures. */
export function tableBytes(name: string): Uint8Array {
  for (const folder of ["files/tables/", "parquet/"]) {
    try {
      return Deno.readFileSync(new URL(folder + name, fixtures));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`no fixture ${name}`);
}

export function tableSource(name: string): Source {
  return memorySource(name, tableBytes(name));
}

export function textSource(name: string, text: string): Source {
  return memorySource(name, new TextEncoder().encode(text));
}

export async function allRows(table: TableReader): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  return rows;
}

/** Changes without the summary, and the summary, which must come last. */
export async function collected(
  changes: AsyncIterable<Change>,
): Promise<{ changes: Exclude<Change, Summary>[]; summary: Summary }> {
  const all: Change[] = [];
  for await (const change of changes) all.push(change);
  const summary = all.pop();
  if (summary?.kind !== "summary") throw new Error("a diff must end with a summary");
  return { changes: all as Exclude<Change, Summary>[], summary };
}

/** The counts of a summary, `of` → [added, removed, changed], those that are not all 0. */
export function counts(summary: Summary): Record<string, readonly number[]> {
  return Object.fromEntries(
    summary.counts
      .map(({ of, added, removed, changed }) => [of, [added, removed, changed]] as const)
      .filter(([, numbers]) => numbers.some((number) => number > 0)),
  );
}
