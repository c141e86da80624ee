import type { CatalogTable } from "../../../store/database/catalog/catalog.ts";
import type { Migration } from "../../module.ts";

/**
 * Tables of an instance that no registry defines, as its database describes them, and what is noted
 * of their changes. It is plain data of whoever made it: `vetted` says what can be made of it.
 */
export interface FoundTables {
  readonly tables: readonly CatalogTable[];
  /** Names of those that were not looked at, as there are too many. */
  readonly others: readonly string[];
  /** Names of tables in which several rows have everything in common that could tell them apart. */
  readonly alike: readonly string[];
  /** Changes of applications that are not LaminDB's own or Django's. */
  readonly migrations: readonly Migration[];
}

export const nothingFound: FoundTables = { tables: [], others: [], alike: [], migrations: [] };

/** A table that cannot go to another instance, and why; the reason goes on after its name. */
export interface CannotCarry {
  readonly table: string;
  readonly why: string;
}
