import { enabledModules } from "../core/instance/enabled_modules.ts";
import type { Instance } from "../core/instance/instance.ts";
import type { Registry } from "../core/registry/registry.ts";
import { lamindbRegistries } from "../core/registry/lamindb/index.ts";
import { RegistrySet } from "../core/registry/registry_set.ts";
import { allRegistries, modules } from "./modules.ts";

/**
 * All that operations on an instance may have changed: its registries, and tables that came from
 * elsewhere and that none of them defines.
 */
export async function everyRegistryOf(instance: Instance): Promise<readonly Registry[]> {
  const { all } = await registriesOf(instance);
  const { unknownRegistries } = await import("../core/sync/unknown/find_tables.ts");
  const unknown = await instance.database.read((reader) =>
    unknownRegistries(reader, allRegistries())
  );
  return [...all, ...unknown];
}

/** The registries of an instance: LaminDB's own and those of the modules that are switched on. */
export async function registriesOf(instance: Instance): Promise<RegistrySet> {
  // A database of another version is shown with all tables of today.
  const isShown = instance.schema.state !== "known";
  return await instance.database.read(async (reader) => {
    const present: Registry[] = [...lamindbRegistries];
    const switchedOff: Registry[] = [];
    const enabled = await enabledModules(instance, reader, modules);
    for (const { name, registries } of modules) {
      if (!enabled.includes(name)) {
        switchedOff.push(...registries);
        continue;
      }
      const [first] = registries;
      const hasTables = isShown || first !== undefined && await reader.hasTable(first.name);
      if (hasTables) present.push(...registries);
    }
    return new RegistrySet(present, switchedOff);
  });
}
