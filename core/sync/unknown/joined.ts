import type { Reader } from "../../../store/database/database.ts";
import type { Migration, Module } from "../../module.ts";
import type { Registry } from "../../registry/registry.ts";
import type { SourceState } from "../source_peer.ts";
import { findTables } from "./find_tables.ts";
import { type CannotCarry, nothingFound } from "./found_tables.ts";
import { jointTables } from "./joint_tables.ts";

/** What a sync goes by besides what registries define. */
export interface Joined {
  /** The registries, and those that were made of the catalogs of both sides. */
  readonly registries: readonly Registry[];
  readonly modules: readonly Module[];
  /** What the source notes of the changes of applications. */
  readonly migrations: readonly Migration[];
  readonly cannotCarry: readonly CannotCarry[];
}

/** Adds to the setting of a sync what both sides have in tables that no registry defines. */
export async function joinedBy<
  S extends {
    readonly registries: readonly Registry[];
    readonly modules?: readonly Module[] | undefined;
  },
>(
  setting: S,
  { unknown = nothingFound }: Pick<SourceState, "unknown">,
  to: Reader,
): Promise<Omit<S, keyof Joined> & Joined> {
  const { registries: known, modules = [] } = setting;
  const own = unknown.tables.length > 0 ? await findTables(to, known) : nothingFound;
  const { registries, cannotCarry } = jointTables(unknown, own, known);
  const { migrations } = unknown;
  return { ...setting, modules, migrations, registries: [...known, ...registries], cannotCarry };
}
