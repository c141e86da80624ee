import type { Reader, SqlRow, Writer } from "../../store/database/database.ts";
import type { NewRowOf, Table } from "../../store/database/table.ts";
import type { Hashing, Host } from "../../store/host/host.ts";
import { LaminError } from "../../store/errors.ts";
import type { Carrier } from "./carrier.ts";
import { rowsSql, sumOf } from "./rows.ts";
import { TableDigest, type TableSum } from "./table_digest.ts";

/** Rows that are inserted together. */
const batchRows = 5000;

/** What is done with rows. */
export type Phase = "reading" | "copying" | "comparing";

/** What is needed to copy, and who hears how far it is. */
export interface CopyOptions {
  readonly host: Host;
  readonly hashing: Hashing;
  readonly onPhase: (phase: Phase) => void;
  readonly onRows: (count: number) => void;
}

/**
 * Copies all rows of a table with their ids into an empty one. Gives what was read of them.
 */
export async function copyTable(
  from: Reader,
  to: Writer,
  carrier: Carrier,
  { host, hashing, onRows }: CopyOptions,
): Promise<TableSum> {
  const digest = new TableDigest(hashing);
  let batch: NewRowOf<Table>[] = [];
  const flush = async () => {
    if (batch.length > 0) await to.insert(carrier.table, batch);
    onRows(batch.length);
    batch = [];
    host.tidyMemory();
  };
  for await (const row of from.iterate<SqlRow>(rowsSql(carrier))) {
    const values = carrier.canonical(row);
    digest.add(values);
    batch.push(carrier.carried(values, row) as NewRowOf<Table>);
    if (batch.length === batchRows) await flush();
  }
  await flush();
  return digest.end();
}

/**
 * Throws code "failed" when a table does not hold what was read of the other one.
 */
export async function requireSame(
  to: Reader,
  carrier: Carrier,
  expected: TableSum,
  { hashing, onRows }: CopyOptions,
): Promise<void> {
  const { rows, sha256 } = await sumOf(to, carrier, hashing, onRows);
  if (rows === expected.rows && sha256 === expected.sha256) return;
  const { name } = carrier.table;
  throw new LaminError("failed", `the copy of ${name} is not what the original is`, {
    hint: "nothing was changed; please report it",
    data: { table: name, rows, expected_rows: expected.rows },
  });
}
