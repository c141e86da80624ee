import type { Reader } from "../../store/database/database.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { Instance } from "../instance/instance.ts";
import type { Registry } from "../registry/registry.ts";
import type { Ledgers } from "./ledger/ledgers.ts";
import type { SyncSide } from "./plan/table_plan.ts";
import { InstanceRows } from "./rows/instance_rows.ts";
import { rowHash } from "./rows/row_hash.ts";
import { type RowShape, shapeOf } from "./rows/shape.ts";

/** What was found once: the two sides of a sync ask several times, and of much the same tables. */
const known = new WeakMap<Registry, RowShape | undefined>();

/** How the rows of all registries travel, by table. */
export function shapesOf(registries: readonly Registry[]): ReadonlyMap<string, RowShape> {
  const shapes = new Map<string, RowShape>();
  for (const registry of registries) {
    if (!known.has(registry)) known.set(registry, shapeOf(registry));
    const shape = known.get(registry);
    if (shape !== undefined) shapes.set(registry.name, shape);
  }
  return shapes;
}

/** An open instance as one side of a sync, within a transaction of its database. */
export function sideOf(
  instance: Instance,
  reader: Reader,
  ledgers: Ledgers,
  shapes: ReadonlyMap<string, RowShape>,
  hashing: Hashing,
): SyncSide & { readonly reader: Reader; readonly rows: InstanceRows } {
  const rows = new InstanceRows({
    reader,
    shapes,
    hash: rowHash(hashing),
    managedStorageIds: instance.managedStorageIds,
    ownStorage: instance.ownStorage,
  });
  return { rows, reader, ledger: (table) => ledgers.of(table) };
}
