import type { Instance } from "../instance/instance.ts";
import type { Registry } from "../registry/registry.ts";
import { familiesLedger } from "./plan/families.ts";
import type { TableLedger } from "./ledger/ledger.ts";
import { Ledgers } from "./ledger/ledgers.ts";
import { shapesOf, sideOf } from "./open_side.ts";
import type { RowSource } from "./rows/row_source.ts";
import { isSameState, type SeenState, seenState } from "./seen_state.ts";
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

/** Notes that took in, in some state of an instance, what rows are. */
export interface SeenLedgers {
  readonly state: SeenState;
  readonly ledgers: Ledgers;
}

/**
 * Notes what the rows of an instance are now, so that others can tell later what changed since.
 * What `seen` took in is not looked at again when it is still so.
 */
export async function noteOwn(
  instance: Instance,
  registries: readonly Registry[],
  seen?: SeenLedgers,
): Promise<void> {
  const hashing = await instance.host.hashing();
  await instance.database.write(async (writer) => {
    await makeSyncTables(writer, hashing);
    const isAsSeen = seen !== undefined && isSameState(seen.state, await seenState(writer));
    const ledgers = isAsSeen ? seen.ledgers : new Ledgers(writer, "");
    const unknown = await unknownRegistries(writer, registries);
    const shapes = shapesOf([...registries, ...unknown]);
    const side = sideOf(instance, writer, ledgers, shapes, hashing);
    const known = new Set([...await side.rows.filled(), ...await ledgers.noted()]);
    for (const { registry } of shapes.values()) {
      if (!known.has(registry.name)) continue;
      await seeAll(await ledgers.of(registry.name), side.rows.states(registry.name));
      if (!("is_latest" in registry.columns)) continue;
      const families = await ledgers.of(familiesLedger(registry.name));
      await seeAll(families, side.rows.families(registry.name));
    }
    await ledgers.save(writer);
  });
}

type RowStates = ReturnType<RowSource["states"]>;

async function seeAll(ledger: TableLedger, states: RowStates): Promise<void> {
  if (ledger.isSeen) return;
  for await (const some of states) ledger.see(some);
  ledger.endSeeing();
}
