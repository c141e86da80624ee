import { allRegistries } from "../../cli/modules.ts";
import { Carrier } from "../../core/migrate/carrier.ts";
import { rowsSql } from "../../core/migrate/rows.ts";
import { sideTables } from "../../core/side_tables.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import type { DatabaseAddress } from "../../store/database/address.ts";
import { denoHost } from "../../store/host/deno.ts";

/**
 * All rows of an instance in the form in which those of both engines are equal, a text each, by
 * table; tables without rows are left out, since not every engine makes those of all modules.
 */
export async function dumpOf(address: DatabaseAddress): Promise<Record<string, string[]>> {
  const tables = [...allRegistries(), ...sideTables];
  const database = await connectDatabase(denoHost(), address, { readOnly: true });
  try {
    return await database.read(async (reader) => {
      const dump: Record<string, string[]> = {};
      for (const table of tables) {
        if (!(await reader.hasTable(table.name))) continue;
        const carrier = new Carrier(table, tables, reader.dialect.name);
        const rows = await reader.all(rowsSql(carrier));
        if (rows.length === 0) continue;
        dump[table.name] = rows.map((row) => JSON.stringify(carrier.canonical(row)));
      }
      return dump;
    });
  } finally {
    await database.close();
  }
}

/** The dump of the SQLite file of an instance, or of one that was set aside. */
export function dumpOfFile(root: string, name = "lamin.db"): Promise<Record<string, string[]>> {
  return dumpOf({ kind: "sqlite", path: `${root}/.lamindb/${name}` });
}

/** The dump of a database of a server. */
export function dumpOfServer(url: string): Promise<Record<string, string[]>> {
  return dumpOf({ kind: "postgres", url });
}
