import type { Reader } from "../../store/database/database.ts";
import { openDatabase } from "../../store/database/open_database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";

/**
 * Reads a SQLite file of another program and leaves no trace beside it. Throws code "damaged" when
 * it is no database, or when one of the tables is none: a view could run for ever.
 */
export async function withForeignDatabase<T>(
  host: Host,
  path: string,
  tables: readonly string[],
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const database = openDatabase(host, { path, readOnly: true, isForeign: true });
  try {
    return await database.read(async (reader) => {
      const list = reader.dialect.valuesOf(tables);
      const found = await reader.all<{ name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (${list.sql})
         AND sql NOT LIKE 'CREATE VIRTUAL%'`,
        list.parameters,
      );
      const missing = tables.find((table) => !found.some(({ name }) => name === table));
      if (missing === undefined) return await work(reader);
      throw new LaminError("damaged", `${path} has no table ${missing}`, {
        hint: "another version may have made it, or another program",
        data: { path, table: missing },
      });
    });
  } finally {
    await database.close();
  }
}
