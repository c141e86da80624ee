import { joined } from "../ledger/past.ts";
import { sourceRows, type SyncPlan } from "./sync_plan.ts";
import type { Difference, TablePlan } from "./table_plan.ts";

/** Who is right where both sides changed one record; undefined to leave it as it is and say so. */
export type Resolution = "ours" | "theirs" | "newest";

/** Settles the conflicts of a plan; what `newest` cannot decide stays one. */
export async function resolveConflicts(plan: SyncPlan, resolution: Resolution): Promise<void> {
  for (const one of plan.tables.values()) {
    const conflicts = one.conflicts;
    if (conflicts.length === 0) continue;
    const decide = resolution === "newest" ? await newest(plan, one) : () => resolution;
    one.conflicts = [];
    const ledger = await plan.request.target.ledger(one.shape.registry.name);
    for (const conflict of conflicts) {
      const winner = decide(conflict);
      if (winner === undefined) one.conflicts.push(conflict);
      else if (winner === "theirs") {
        (conflict.source === undefined ? one.gone : one.newer).push(conflict);
      } else {
        const { targetId, identity, here, there } = conflict;
        ledger.settle(targetId, identity, joined(here.digest, here, there));
        one.ahead++;
      }
    }
  }
}

/** By when a record was changed; a tie decides nothing. */
async function newest(
  plan: SyncPlan,
  { shape, conflicts }: TablePlan,
): Promise<(conflict: Difference) => "ours" | "theirs" | undefined> {
  if (!("updated_at" in shape.registry.columns)) return () => undefined;
  const there = new Map<number, string>();
  const sources = conflicts.flatMap(({ source }) => source === undefined ? [] : [source]);
  for await (const row of sourceRows(plan, shape, sources)) {
    there.set(row.id, String(row.values["updated_at"]));
  }
  const { reader } = plan.request.target;
  const list = reader.dialect.valuesOf(conflicts.map(({ targetId }) => targetId));
  const rows = await reader.select(shape.registry, `id IN (${list.sql})`, list.parameters);
  const here = new Map(
    rows.map((row) => [Number(row["id"]), String((row as Record<string, unknown>)["updated_at"])]),
  );
  return ({ source, targetId }) => {
    const [theirs, ours] = [there.get(source?.id ?? NaN), here.get(targetId)];
    if (theirs === undefined || ours === undefined || theirs === ours) return undefined;
    return theirs > ours ? "theirs" : "ours";
  };
}
