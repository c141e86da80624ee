import { catalogOf } from "../../../store/database/catalog/catalog.ts";
import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Migration } from "../../module.ts";
import type { Registry } from "../../registry/registry.ts";
import { closed } from "./closed.ts";
import { type FoundTables, nothingFound } from "./found_tables.ts";
import { columnsMax, vetted } from "./vetted.ts";

/** Tables that are looked at; the rest is named, as far as that goes. */
const tablesMax = 500;
const namesMax = 2000;
const migrationsMax = 5000;

/** Apps whose tables are LaminDB's, ours, Django's or the engine's. */
const notApps = ["lamindb", "lamin", "django", "auth", "account", "sqlite", "pg"];

/** Apps whose migrations every instance has, or that concern none of its rows. */
const commonApps = ["lamindb", "admin", "auth", "contenttypes", "sessions", "sites"];

/**
 * Finds the tables of a database that look like those of an application, `<app>_<model>`, and that
 * none of the registries defines: of a module that this program does not have, or a lab's own.
 */
export async function findTables(
  reader: Reader,
  known: readonly Registry[],
): Promise<FoundTables> {
  const catalog = await catalogOf(reader.dialect.name);
  const apps = new Set([...notApps, ...known.map(({ module }) => module)]);
  const names = (await catalog.names(reader, namesMax))
    .filter((name) => name.indexOf("_") > 0 && !apps.has(name.slice(0, name.indexOf("_"))));
  if (names.length === 0) return nothingFound;
  const tables = await catalog.describe(reader, names.slice(0, tablesMax), columnsMax + 1);
  const alike: string[] = [];
  for (const table of tables) {
    const { registry, mayBeAlike = false } = vetted(table);
    if (registry !== undefined && mayBeAlike && await hasAlike(reader, registry)) {
      alike.push(table.name);
    }
  }
  const migrations = await migrationsOf(reader);
  return { tables, others: names.slice(tablesMax), alike, migrations };
}

/** Registries for those of the tables that can be read and written like all others. */
export async function unknownRegistries(
  reader: Reader,
  known: readonly Registry[],
): Promise<Registry[]> {
  return registriesAmong(await findTables(reader, known), known);
}

/** As {@link unknownRegistries}, of what was found. */
export function registriesAmong(
  { tables, alike }: FoundTables,
  known: readonly Registry[],
): Registry[] {
  const registries = tables.filter(({ name }) => !alike.includes(name))
    .flatMap((table) => vetted(table).registry ?? []);
  return closed(registries, known).travelling;
}

async function hasAlike(reader: Reader, { name, toldApartBy }: Registry): Promise<boolean> {
  const columns = toldApartBy!.map(quote).join(", ");
  const sql = `SELECT 1 AS one FROM ${quote(name)} GROUP BY ${columns} HAVING count(*) > 1 LIMIT 1`;
  return await reader.first(sql) !== undefined;
}

async function migrationsOf(reader: Reader): Promise<Migration[]> {
  if (!(await reader.hasTable("django_migrations"))) return [];
  const common = commonApps.map((app) => `'${app}'`).join(", ");
  return await reader.all<{ app: string; name: string }>(
    `SELECT app, name FROM django_migrations WHERE app NOT IN (${common})
     ORDER BY id LIMIT ${migrationsMax}`,
  );
}
