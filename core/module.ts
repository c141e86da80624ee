import type { Columns } from "../store/database/table.ts";
import type { NewRowOf } from "../store/database/table.ts";
import type { Registry } from "./registry/registry.ts";

/** A change of a schema that a database has been through, as Django notes it. */
export interface Migration {
  readonly app: string;
  readonly name: string;
}

/** Rows that a fresh instance starts with. */
export interface DefaultRows<C extends Columns = Columns> {
  readonly registry: Registry<C>;
  readonly rows: readonly NewRowOf<Registry<C>>[];
}

/** What plugs into `lamin`: registries with what belongs to them, under one name. */
export interface Module {
  /** As instances name it among their modules: `bionty`. */
  readonly name: string;
  readonly registries: readonly Registry[];
  /** What Python must find noted to take its tables as up to date. */
  readonly migrations: readonly Migration[];
  /** Loads the rows that an instance with this module starts with. */
  defaultRows?(): Promise<readonly DefaultRows[]>;
}
