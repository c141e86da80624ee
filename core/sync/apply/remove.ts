import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import type { Changes } from "../../operation/changes.ts";
import { joined } from "../ledger/past.ts";
import type { SyncPlan } from "../plan/sync_plan.ts";
import type { TablePlan } from "../plan/table_plan.ts";

/** Rows that are removed together. */
const batchSize = 2000;

/** Removes rows that the source took away. */
export async function removeRows(
  plan: SyncPlan,
  { shape: { registry }, gone }: TablePlan,
  changes: Changes,
): Promise<void> {
  if (gone.length === 0) return;
  const ledger = await plan.request.target.ledger(registry.name);
  for (let start = 0; start < gone.length; start += batchSize) {
    const ids = gone.slice(start, start + batchSize).map(({ targetId }) => targetId);
    const list = changes.reader.dialect.valuesOf(ids);
    const rows = await changes.reader.select(registry, `id IN (${list.sql})`, list.parameters);
    await changes.delete(registry, rows);
  }
  for (const { identity, targetId, here, there } of gone) {
    ledger.settleGone(targetId, identity, joined(null, here, there));
  }
}

/** Gives versions other numbers. Bytes that lie under the uid stay where they are. */
export async function renameRows(
  plan: SyncPlan,
  { shape: { registry }, renamings }: TablePlan,
  changes: Changes,
): Promise<void> {
  const ledger = await plan.request.target.ledger(registry.name);
  // From the highest number on, as one may get the number that another one has.
  for (const { row, uid } of renamings.toSorted((a, b) => a.uid < b.uid ? 1 : -1)) {
    const values = registry.name !== "lamindb_artifact" || row["_real_key"] !== null
      ? { uid }
      : { uid, _real_key: storageKeyOf(row as unknown as ArtifactRow) };
    await changes.update(registry, [row as never], values as never);
    ledger.drop(row.id);
  }
}
