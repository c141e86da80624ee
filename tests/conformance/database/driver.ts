import type { DatabaseAddress } from "../../../store/database/address.ts";
import type { Database } from "../../../store/database/database.ts";
import { createSqlite, openSqlite } from "../../../store/database/sqlite.ts";
import { openPostgres } from "../../../store/database/postgres/postgres.ts";
import type { Table } from "../../../store/database/table.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { missingPostgres, withDatabase } from "../../postgres_server.ts";

/** One engine under test. */
export interface Driver {
  readonly name: string;
  /** Why it cannot be tested here, if it cannot. */
  readonly missing: string | undefined;
  /** Runs `work` with what opens one new, empty database any number of times. */
  withDatabase(
    work: (open: () => Promise<Database>, address: DatabaseAddress) => Promise<void>,
  ): Promise<void>;
}

const now = () => new Date("2026-11-24T10:20:30.456Z");
export const host = { ...denoHost(), now };

const sqlite: Driver = {
  name: "sqlite",
  missing: undefined,
  async withDatabase(work) {
    const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
    try {
      const path = `${folder}/rows.db`;
      await createSqlite({ path, now }).close();
      await work(() => Promise.resolve(openSqlite({ path, now })), { kind: "sqlite", path });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

const postgres: Driver = {
  name: "postgres",
  missing: missingPostgres(),
  withDatabase: (work) =>
    withDatabase((url) => work(() => openPostgres(host, { url }), { kind: "postgres", url })),
};

export const drivers = [sqlite, postgres];

/** Runs `work` with a database that has some tables. */
export async function withTables(
  driver: Driver,
  tables: readonly Table[],
  work: (
    database: Database,
    open: () => Promise<Database>,
    address: DatabaseAddress,
  ) => Promise<void>,
): Promise<void> {
  await driver.withDatabase(async (open, address) => {
    const database = await open();
    try {
      const hashing = await host.hashing();
      const md5 = (bytes: Uint8Array) => hashing.digest("md5", bytes);
      const statements = await database.dialect.createStatements(tables, md5);
      await database.write((writer) => writer.script(statements));
      await work(database, open, address);
    } finally {
      await database.close();
    }
  });
}
