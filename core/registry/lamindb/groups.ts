import type { Column, Generated } from "../../../store/database/table.ts";
import { boolean, datetime, foreign, optional, smallint, varchar } from "../columns.ts";

/**
 * Groups of columns that LaminDB's registries share (COMPAT §2.6); spread them into a definition.
 */

/** When a row was made, indexed. */
export const createdAt: Column<string> = datetime({ default: "NOW", indexed: true });

/** JSON for what has no column of its own, NULL unless needed (COMPAT appendix A). */
export const auxiliary: Column<string | null> = optional.json({ default: "JSON_NULL" });

/** Python's family `SQLRecord`: nearly every registry. */
export const sqlRecord = {
  branch_id: foreign("lamindb_branch", { default: 1 }),
  created_on_id: foreign("lamindb_branch", { default: 1 }),
  space_id: foreign("lamindb_space", { default: 1 }),
  is_locked: boolean({ default: false }),
  _aux: auxiliary,
};

/** When and by whom a row was made. */
export const tracksCreation = {
  created_at: createdAt,
  created_by_id: foreign("lamindb_user", { generated: "user" }),
};

/** The run that made a row; `reverse` is what the run calls such rows. */
export const madeByRun = (reverse?: string): Column<number | null> =>
  optional.foreign("lamindb_run", {
    generated: "run",
    ...(reverse === undefined ? {} : { reverse }),
  });

/** Python's family `TracksRun`. */
export const tracksRun = { ...tracksCreation, run_id: madeByRun() };

/** Python's family `TracksUpdates`. */
export const tracksUpdates = { updated_at: datetime({ default: "NOW", indexed: true }) };

/** Python's family `IsVersioned`: rows whose uids share a stem are versions of one thing. */
export const isVersioned = {
  version_tag: optional.varchar(30, { indexed: true }),
  is_latest: boolean({ indexed: true, appDefault: true }),
};

/** Python's family `HasType`: a row may be a type, and have one of the same registry's types. */
export const hasType = (table: string, reverse: string) => ({
  is_type: boolean({ default: false, indexed: true }),
  type_id: optional.foreign(table, { reverse }),
});

/** What Postgres checks and triggers for a registry with types (COMPAT §2.2). */
export const typeRules = (name: string, trigger: string, parameters = "type_id") => ({
  checks: [{
    name: `${name}_type_is_valid_fk`,
    postgres: `is_valid_${name}_type(${parameters})`,
    postgresFunction: `is_valid_${name}_type`,
  }],
  postgresTriggers: [`pgtrigger_prevent_${name}_type_cycle_${trigger}`],
});

/** A unique identifier of up to `length` base-62 digits. */
export const uid = (length: number, generated?: Generated): Column<string> =>
  varchar(length, { unique: true, ...(generated === undefined ? {} : { generated }) });

/** What a record is called somewhere else. */
export const externalReference = {
  reference: optional.varchar(255, { indexed: true }),
  reference_type: optional.varchar(25, { indexed: true }),
};

/** LaminDB's hash of the content (COMPAT §4.1). */
export const hash: Column<string | null> = optional.varchar(22, { indexed: true });

/** A state as a number, which starts as `initial`. */
export const statusCode = (initial = 0): Column<number> =>
  smallint({ default: initial, indexed: true });
