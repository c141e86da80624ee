import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";

/** How a database stands to the schema that this program was written for. */
export interface SchemaVersion {
  readonly state: "known" | "older" | "newer";
  /** The newest migration of the app `lamindb` in the database. */
  readonly newest: string | undefined;
}

/** The newest migration of LaminDB 2.12; its squashed twin counts as it. */
const newestKnown = ["0193_v2_9_part_2", "0193_squashed"];
const newestKnownNumber = 193;

/**
 * Reads LaminDB's table of migrations (COMPAT §2.3). A database without any was made by another
 * tool from the schema of today, as COMPAT §15 describes.
 */
export async function readSchemaVersion(reader: Reader): Promise<SchemaVersion> {
  if (!(await reader.hasTable("django_migrations"))) return { state: "known", newest: undefined };
  const rows = await reader.all<{ name: string }>(
    `SELECT name FROM django_migrations WHERE app = 'lamindb'
       AND name ${reader.dialect.textSigns[">="]} '0' ORDER BY ${reader.dialect.textOrder("name")}`,
  );
  const names = rows.map((row) => row.name);
  const newest = names.at(-1);
  if (newest === undefined) return { state: "known", newest };
  if (names.some((name) => Number.parseInt(name, 10) > newestKnownNumber)) {
    return { state: "newer", newest };
  }
  return { state: names.some((name) => newestKnown.includes(name)) ? "known" : "older", newest };
}

/** Throws code "schema_unknown" unless the schema is the known one. */
export function requireKnownSchema(version: SchemaVersion): void {
  if (version.state === "known") return;
  const [what, remedy] = version.state === "newer"
    ? ["newer", "update lamin"]
    : ["older", "run 'lamin migrate deploy' of Python lamindb 2.12 after making a copy"];
  throw new LaminError(
    "schema_unknown",
    `the database is ${what} than this program knows (migration ${version.newest}): it can be read, not written`,
    { hint: `${remedy}, then run the command again`, data: { migration: version.newest } },
  );
}
