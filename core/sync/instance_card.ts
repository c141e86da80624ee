import { enabledModules } from "../instance/enabled_modules.ts";
import { identityOf } from "../instance/identity.ts";
import type { Instance } from "../instance/instance.ts";
import type { Module } from "../module.ts";

/** What an instance says of itself. */
export interface InstanceCard {
  readonly id: string;
  readonly name: string;
  /** The modules that are switched on in it. */
  readonly modules: readonly string[];
  /** How many artifacts it has, all versions. */
  readonly artifacts: number;
}

/** Asks an instance that is open. */
export async function cardOf(
  instance: Instance,
  known: readonly Module[],
): Promise<InstanceCard> {
  const { id, name } = await identityOf(instance);
  return await instance.database.read(async (reader) => {
    const row = await reader.first<{ count: number }>(
      "SELECT count(*) AS count FROM lamindb_artifact",
    );
    const modules = await enabledModules(instance, reader, known);
    return { id, name, modules, artifacts: Number(row?.count ?? 0) };
  });
}
