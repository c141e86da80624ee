import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { enabledModules } from "../instance/enabled_modules.ts";
import type { Instance } from "../instance/instance.ts";
import type { Module } from "../module.ts";
import { lamindbRegistries } from "../registry/lamindb/index.ts";
import type { Registry } from "../registry/registry.ts";
import { sideTables } from "../side_tables.ts";
import { syncTables } from "../sync/tables.ts";
import { unknownRegistries } from "../sync/unknown/find_tables.ts";

/** The tables of an instance on its way to another database. */
export interface MovedTables {
  /** Those that the new database gets. */
  readonly made: readonly Registry[];
  /** Those of them that there are rows to look for in. */
  readonly carried: readonly Registry[];
  /** Modules that are switched on. */
  readonly modules: readonly string[];
}

/**
 * LaminDB's own tables, those of modules and ours, and others that are like them. Like Python, a
 * server gets the tables of those modules only that are switched on (COMPAT §2.1), or have rows all
 * the same.
 */
export async function movedTables(
  instance: Instance,
  reader: Reader,
  present: readonly string[],
  known: readonly Module[],
  to: "sqlite" | "postgres",
): Promise<MovedTables> {
  const names = new Set(present);
  const modules = await enabledModules(instance, reader, known);
  const wanted: Registry[] = [...lamindbRegistries];
  for (const { name, registries } of known) {
    const isWanted = to === "sqlite" || modules.includes(name) ||
      await hasRows(reader, registries.filter((registry) => names.has(registry.name)));
    if (isWanted) wanted.push(...registries);
  }
  wanted.push(...await unknownOf(reader, known));
  const made = [...wanted, ...sideTables, ...syncTables.filter(({ name }) => names.has(name))];
  return { made, carried: made.filter(({ name }) => names.has(name)), modules };
}

/** What can be carried of the tables that neither LaminDB nor a known module has. */
export function unknownOf(reader: Reader, known: readonly Module[]): Promise<Registry[]> {
  const registries = known.flatMap((module) => module.registries);
  return unknownRegistries(reader, [...lamindbRegistries, ...registries]);
}

async function hasRows(reader: Reader, registries: readonly Registry[]): Promise<boolean> {
  for (const { name } of registries) {
    if (await reader.first(`SELECT 1 AS one FROM ${quote(name)} LIMIT 1`) !== undefined) {
      return true;
    }
  }
  return false;
}
