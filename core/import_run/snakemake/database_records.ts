import type { Host } from "../../../store/host/host.ts";
import { asText } from "../foreign.ts";
import { withForeignDatabase } from "../foreign_database.ts";
import type { SnakemakeRecord } from "./read_snakemake.ts";

/** Columns that hold JSON. */
const json = ["input", "log", "params", "input_checksums"];

/** The records that Snakemake's database backend keeps, of which a column is JSON or a value. */
export async function databaseRecords(host: Host, path: string): Promise<SnakemakeRecord[]> {
  return await withForeignDatabase(host, path, ["snakemake_metadata"], async (reader) => {
    const rows = await reader.all("SELECT * FROM snakemake_metadata ORDER BY target");
    return rows.flatMap((row) => {
      const target = asText(row.target);
      if (target === undefined) return [];
      const record = Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          name === "incomplete" ? value === 1 : json.includes(name) ? parsed(value) : value,
        ]),
      );
      return [{ target, record }];
    });
  });
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}
