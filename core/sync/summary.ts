import type { SyncPlan } from "./plan/sync_plan.ts";
import type { Difference, TablePlan } from "./plan/table_plan.ts";

/** What a sync comes to in one table. */
export interface TableSummary {
  readonly table: string;
  /** `Artifact` */
  readonly model: string;
  readonly isLink: boolean;
  readonly new: number;
  readonly changed: number;
  readonly removed: number;
  readonly conflicts: number;
  /** The same on both sides. */
  readonly same: number;
  /** Newer at the target. */
  readonly ahead: number;
  /** There under another uid. */
  readonly known: number;
  /** Deleted at the target, so left out. */
  readonly deletedHere: number;
  /** Deleted for good at the source; they stay at the target. */
  readonly deletedThere: number;
}

export interface SyncSummary {
  /** Tables in which anything differs. */
  readonly tables: readonly TableSummary[];
  /** New records, links not counted. */
  readonly records: number;
  readonly changed: number;
  /** Records that are the same on both sides. */
  readonly same: number;
  readonly isNothing: boolean;
}

/** A record that both sides changed. */
export interface Conflict {
  readonly model: string;
  readonly table: string;
  readonly uid: string | null;
  readonly name: string | null;
  /** Columns in which they differ; empty when the source deleted it. */
  readonly columns: readonly string[];
}

export function summaryOf(plan: SyncPlan): SyncSummary {
  const tables = [...plan.tables.values()].map(tableSummary);
  const differing = tables.filter((table) =>
    table.new + table.changed + table.removed + table.conflicts + table.ahead + table.known +
        table.deletedHere + table.deletedThere > 0
  );
  const sum = (count: (table: TableSummary) => number) =>
    tables.filter(({ isLink }) => !isLink).reduce((total, table) => total + count(table), 0);
  return {
    tables: differing,
    records: sum((table) => table.new),
    changed: sum((table) => table.changed),
    same: sum((table) => table.same),
    isNothing: tables.every((table) => table.new + table.changed + table.removed === 0) &&
      [...plan.tables.values()].every(({ families }) =>
        families.every(({ decides }) => decides === "target")
      ),
  };
}

function tableSummary({ shape: { registry }, ...one }: TablePlan): TableSummary {
  return {
    table: registry.name,
    model: registry.model,
    isLink: registry.isLink,
    new: one.missing.length + (one.copied?.count ?? 0),
    changed: one.newer.length,
    removed: one.gone.length,
    conflicts: one.conflicts.length,
    same: one.same,
    ahead: one.ahead,
    known: one.aliases.size,
    deletedHere: one.deletedHere.length,
    deletedThere: one.deletedThere,
  };
}

/** What is in conflict, with what people call it. */
export async function conflictsOf(plan: SyncPlan): Promise<Conflict[]> {
  const found: Conflict[] = [];
  for (const one of plan.tables.values()) {
    if (one.conflicts.length > 0) found.push(...await conflictsIn(plan, one));
  }
  return found;
}

async function conflictsIn(plan: SyncPlan, one: TablePlan): Promise<Conflict[]> {
  const { registry, compared } = one.shape;
  const there = await rowsOf(plan.request.source, one, ({ source }) => source?.id);
  const here = await rowsOf(plan.request.target, one, ({ targetId }) => targetId);
  return one.conflicts.map(({ source, targetId }) => {
    const [theirs, ours] = [there.get(source?.id ?? NaN), here.get(targetId)];
    const name = ours?.[registry.nameField ?? "uid"] ?? null;
    return {
      model: registry.model,
      table: registry.name,
      uid: ours?.["uid"] === undefined ? null : String(ours["uid"]),
      name: name === null ? null : String(name),
      columns: theirs === undefined
        ? []
        : compared.filter((column) => theirs[column] !== ours?.[column]),
    };
  });
}

async function rowsOf(
  { rows }: SyncPlan["request"]["source"],
  one: TablePlan,
  idOf: (conflict: Difference) => number | undefined,
): Promise<Map<number, Record<string, unknown>>> {
  const ids = one.conflicts.flatMap((conflict) => idOf(conflict) ?? []);
  const found = new Map<number, Record<string, unknown>>();
  for await (const { id, values, references } of rows.rows(one.shape.registry.name, ids)) {
    found.set(id, { ...values, ...references });
  }
  return found;
}
