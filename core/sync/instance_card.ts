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
  /** Another one after every change of its rows; null where nothing tells that. */
  readonly stamp: string | null;
}

/** Asks an instance that is open. */
export async function cardOf(
  instance: Instance,
  known: readonly Module[],
): Promise<InstanceCard> {
  const { id, name } = await identityOf(instance);
  const stamp = await shownStamp(instance, instance.database.stamp());
  return await instance.database.read(async (reader) => {
    const row = await reader.first<{ count: number }>(
      "SELECT count(*) AS count FROM lamindb_artifact",
    );
    const modules = await enabledModules(instance, reader, known);
    return { id, name, modules, artifacts: Number(row?.count ?? 0), stamp };
  });
}

/** A stamp as others are told it, who learn nothing of the file from it. */
export async function shownStamp(
  { host }: Instance,
  stamp: string | undefined,
): Promise<string | null> {
  return stamp === undefined ? null : (await host.hashing()).textSha256(stamp);
}
