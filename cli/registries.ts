import type { Instance } from "../core/instance/instance.ts";
import { lamindbRegistries } from "../core/registry/lamindb/index.ts";
import { RegistrySet } from "../core/registry/registry_set.ts";
import { modules } from "./modules.ts";

/**
 * The registries that an instance has: LaminDB's own and those of the modules whose tables are
 * there.
 */
export async function registriesOf(instance: Instance): Promise<RegistrySet> {
  // A database of another version is shown with all tables of today.
  if (instance.schema.state !== "known") {
    return new RegistrySet([...lamindbRegistries, ...modules.flatMap((one) => one.registries)]);
  }
  return await instance.database.read(async (reader) => {
    const present = [...lamindbRegistries];
    for (const { registries } of modules) {
      const [first] = registries;
      if (first !== undefined && await reader.hasTable(first.name)) present.push(...registries);
    }
    return new RegistrySet(present);
  });
}
