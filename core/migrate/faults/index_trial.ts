import type { Reader, SqlRow, SqlValue, Writer } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { NewRowOf, Table } from "../../../store/database/table.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { Carrier } from "../carrier.ts";
import { rowsSql } from "../rows.ts";
import type { MoveFaults } from "./fault.ts";
import { indexedTexts } from "./long_texts.ts";

/** SQLSTATE of a value that is too large for an index (`program_limit_exceeded`). */
const tooLong = "54000";

const remedy = "shorten it to 2600 bytes or less; longer texts fit where there is no index";

/**
 * Asks the server itself which of some rows its indexes refuse, as that depends on how far they can
 * be compressed: the table is made with its indexes, tried, and taken back. Nothing stays.
 */
export async function tryIndexes(
  from: Reader,
  to: Writer,
  carrier: Carrier,
  ids: readonly number[],
  { hashing, faults }: { hashing: Hashing; faults: MoveFaults },
): Promise<void> {
  const { table } = carrier;
  const md5 = (bytes: Uint8Array) => hashing.digest("md5", bytes);
  // Without references: the tables that they lead to are not there.
  const statements = (await to.dialect.createStatements([table], md5))
    .filter((statement) => /^CREATE (TABLE|(UNIQUE )?INDEX) /.test(statement));
  await to.script(["SAVEPOINT before_trial", ...statements]);
  const list = from.dialect.valuesOf(ids);
  const sql = rowsSql(carrier, `id IN (${list.sql})`);
  for await (const row of from.iterate<SqlRow>(sql, list.parameters as SqlValue[])) {
    if (await isTaken(to, carrier, row)) continue;
    const column = longest(table, row);
    faults.add({
      table: table.name,
      row: Number(row["id"]),
      column,
      problem: `is too long for an index of Postgres (${bytesOf(row[column])} bytes)`,
      remedy,
    });
  }
  await to.script(["ROLLBACK TO SAVEPOINT before_trial"]);
}

async function isTaken(to: Writer, carrier: Carrier, row: SqlRow): Promise<boolean> {
  await to.script(["SAVEPOINT before_row"]);
  try {
    const values = carrier.canonical(row);
    await to.insert(carrier.table, [carrier.carried(values, row) as NewRowOf<Table>]);
    // One at a time: what others have is no fault of this one.
    await to.run(`DELETE FROM ${quote(carrier.table.name)}`);
    return true;
  } catch (error) {
    if (!(error instanceof LaminError && error.data["sqlstate"] === tooLong)) throw error;
    await to.script(["ROLLBACK TO SAVEPOINT before_row"]);
    return false;
  }
}

function longest(table: Table, row: SqlRow): string {
  return indexedTexts(table).flat()
    .sort((a, b) => bytesOf(row[b]) - bytesOf(row[a]))[0]!;
}

function bytesOf(value: SqlValue | undefined): number {
  return typeof value === "string" ? new TextEncoder().encode(value).length : 0;
}
