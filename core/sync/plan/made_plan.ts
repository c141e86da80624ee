import type { Reader } from "../../../store/database/database.ts";
import { copiedUids, Copying } from "../copy/copying.ts";
import { bothLedgers, type SourceLedger } from "../ledger/both_ledgers.ts";
import { learned } from "../ledger/learned.ts";
import { Ledgers } from "../ledger/ledgers.ts";
import { shapesOf, sideOf } from "../open_side.ts";
import { isSameState, type SeenState, seenState } from "../seen_state.ts";
import type { SourceState } from "../source_peer.ts";
import { conflictsOf, summaryOf, type SyncSummary } from "../summary.ts";
import type { Setting, SyncResult } from "../sync.ts";
import { type Joined, joinedBy } from "../unknown/joined.ts";
import { resolveConflicts } from "./resolve.ts";
import { storagePlan } from "./storages.ts";
import { planSync, type SyncPlan } from "./sync_plan.ts";
import type { SourceSide, SyncSide } from "./table_plan.ts";

/** What a plan comes to, for people. */
export type PlanReport = SyncSummary & Pick<SyncResult, "artifacts" | "conflicts" | "cannotCarry">;

/** A plan, and the states of both sides that it is of. */
export interface MadePlan {
  readonly joint: Setting & Joined;
  readonly sides: Sides;
  readonly plan: SyncPlan;
  readonly report: PlanReport;
  readonly from: SeenState | undefined;
  readonly to: SeenState;
}

/**
 * Compares both sides. Where a file of the source lies beside the target, tables that are new
 * there are left to the database to copy.
 */
export async function makePlan(
  setting: Setting,
  from: SourceState,
  to: Reader,
  beside?: string,
): Promise<MadePlan> {
  const made = await planBetween(setting, from, to, beside);
  const report = await reportOf(made.joint, made.plan);
  return { ...made, report, from: from.seen, to: await seenState(to) };
}

/** As {@link makePlan}, without a report. */
export async function planBetween(
  setting: Setting,
  from: SourceState,
  to: Reader,
  beside?: string,
): Promise<Pick<MadePlan, "joint" | "sides" | "plan">> {
  const joint = await joinedBy(setting, from, to);
  const sides = sidesOf(joint, from, to);
  const copying = beside === undefined ? undefined : copyingOf(joint, from, to, beside);
  return { joint, sides, plan: await madePlan(joint, sides, from, copying) };
}

function copyingOf(
  { registries, source, copiedMin: least }: Setting,
  { identities, ledger }: SourceState,
  reader: Reader,
  file: string,
): Copying | undefined {
  if (identities === undefined) return undefined;
  const notedAs = ledger === undefined ? source.uid : undefined;
  const shapes = shapesOf(registries);
  return new Copying({ reader, shapes, identities, notedAs, file, least });
}

/** A plan that was made before, if nobody changed either side since. */
export async function unchanged(
  made: MadePlan | undefined,
  from: SourceState,
  to: Reader,
): Promise<MadePlan | undefined> {
  const holds = isSameState(made?.from, from.seen) && isSameState(made?.to, await seenState(to));
  return holds ? made : undefined;
}

/** Both sides of a sync. */
interface Sides {
  readonly source: SourceSide;
  readonly target: SyncSide & { readonly reader: Reader };
  /** The notes that the target keeps. */
  readonly kept: readonly Ledgers[];
}

function sidesOf(
  { target, source, registries, hashing }: Setting,
  from: SourceState,
  to: Reader,
): Sides {
  const own = new Ledgers(to, "");
  const noted = new Ledgers(to, source.uid);
  const ledgerOf = async (table: string): Promise<SourceLedger> => {
    const here = await noted.of(table);
    if (from.ledger === undefined) return await learned(here, from, table);
    return bothLedgers(await from.ledger(table), here);
  };
  return {
    source: { rows: from.rows, ledger: ledgerOf },
    target: sideOf(target, to, own, shapesOf(registries), hashing),
    kept: from.ledger === undefined ? [own, noted] : [own],
  };
}

async function madePlan(
  setting: Setting,
  { source, target }: Sides,
  from: SourceState,
  copying?: Copying,
): Promise<SyncPlan> {
  const { choice, resolution, zeroCopy = false } = setting;
  const plan = await planSync({
    shapes: shapesOf(setting.registries),
    hashing: setting.hashing,
    source,
    target,
    withDeleted: setting.withDeleted ?? false,
    selection: choice === undefined ? undefined : await from.select(choice),
    storages: await storagePlan(setting.target, source.rows, target, zeroCopy),
    copying,
  });
  if (resolution !== undefined) await resolveConflicts(plan, resolution);
  return plan;
}

async function reportOf(
  { cannotCarry }: Joined,
  plan: SyncPlan,
): Promise<PlanReport> {
  return {
    ...summaryOf(plan),
    artifacts: await arrivingUids(plan),
    conflicts: await conflictsOf(plan),
    cannotCarry,
  };
}

async function arrivingUids({ tables, request }: SyncPlan): Promise<string[]> {
  const plan = tables.get("lamindb_artifact");
  if (plan === undefined) return [];
  if (plan.copied !== undefined) return await copiedUids(request.target.reader, "lamindb_artifact");
  const rows = [...plan.missing, ...plan.newer.flatMap(({ source }) => source ?? [])];
  return await request.source.rows.uids("lamindb_artifact", rows.map(({ id }) => id));
}
