import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Module } from "../module.ts";
import type { Instance } from "./instance.ts";

/** Django's own apps and LaminDB's core, which no instance names among its modules. */
const notModules = new Set(["admin", "auth", "contenttypes", "lamindb", "sessions"]);

/**
 * The modules that are switched on in an instance: those that its settings on this machine name,
 * else those that its database shows: tables of every known module are always there (COMPAT §0), so
 * that only rows in them tell; a module that is not known here left its migrations.
 */
export async function enabledModules(
  instance: Instance,
  reader: Reader,
  known: readonly Module[],
): Promise<readonly string[]> {
  const [owner, name] = instance.slug.split("/") as [string, string];
  const settings = instance.settings.instance(owner, name);
  const isOurs = settings !== undefined &&
    (settings.storageRoot === instance.location.root || settings.id === instance.mark?.instanceId);
  return isOurs ? settings.modules : await modulesWithRows(reader, known);
}

async function modulesWithRows(reader: Reader, known: readonly Module[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, registries } of known) {
    const tables: string[] = [];
    for (const registry of registries) {
      if (await reader.hasTable(registry.name)) tables.push(registry.name);
    }
    const conditions = tables.map((table) => `EXISTS (SELECT 1 FROM ${quote(table)})`);
    const sql = `SELECT 1 AS one WHERE ${conditions.join(" OR ") || "FALSE"}`;
    if (await reader.first(sql) !== undefined) found.push(name);
  }
  return [...found, ...await notedModules(reader, known)];
}

/** Modules that are not known here and that left their migrations. */
export async function notedModules(
  reader: Reader,
  known: readonly Module[],
): Promise<string[]> {
  if (!(await reader.hasTable("django_migrations"))) return [];
  const apps = await reader.all<{ app: string }>("SELECT DISTINCT app FROM django_migrations");
  return apps.map(({ app }) => app).filter((app) =>
    /^[a-z][a-z0-9_]*$/.test(app) && !notModules.has(app) &&
    !known.some((module) => module.name === app)
  );
}
