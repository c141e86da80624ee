import type { Instance } from "../instance/instance.ts";
import type { Registry } from "../registry/registry.ts";
import { familiesLedger } from "./plan/families.ts";
import { Ledgers } from "./ledger/ledgers.ts";
import { shapesOf, sideOf } from "./open_side.ts";
import { makeSyncTables } from "./tables.ts";
import { unknownRegistries } from "./unknown/find_tables.ts";

/**
 * Whether an instance keeps notes of its own rows: not where nothing may be written, and not where
 * only Python ever wrote, which reading must not change.
 */
export async function keepsLedger(instance: Instance): Promise<boolean> {
  const isWritable = instance.schema.state === "known" && !instance.database.readOnly &&
    instance.database.whyReadOnly === undefined;
  return isWritable && await instance.database.read((reader) => instance.hasSideTables(reader));
}

/** Notes what the rows of an instance are now, so that others can tell later what changed since. */
export async function noteOwn(instance: Instance, registries: readonly Registry[]): Promise<void> {
  const hashing = await instance.host.hashing();
  await instance.database.write(async (writer) => {
    await makeSyncTables(writer, hashing);
    const ledgers = new Ledgers(writer, "");
    const unknown = await unknownRegistries(writer, registries);
    const shapes = shapesOf([...registries, ...unknown]);
    const side = sideOf(instance, writer, ledgers, shapes, hashing);
    for (const { registry } of shapes.values()) {
      const ledger = await ledgers.of(registry.name);
      for await (const state of side.rows.states(registry.name)) ledger.see(state);
      ledger.endSeeing();
      if (!("is_latest" in registry.columns)) continue;
      const families = await ledgers.of(familiesLedger(registry.name));
      for await (const state of side.rows.families(registry.name)) families.see(state);
      families.endSeeing();
    }
    await ledgers.save(writer);
  });
}
