import type { Hashing } from "../../store/host/host.ts";
import type { Instance } from "../instance/instance.ts";
import { requireKnownSchema } from "../instance/schema_version.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import type { Module } from "../module.ts";
import type { Registry } from "../registry/registry.ts";
import { plural } from "../text/quantity.ts";
import { type Applied, applySync } from "./apply/apply.ts";
import { noteArrivals } from "./apply/note_arrivals.ts";
import type { Carried } from "./contents/carry.ts";
import type { LackingContent } from "./contents/plan.ts";
import { recordContents, type RecordedContents } from "./contents/record.ts";
import { maybeBeside } from "./copy/copying.ts";
import { type MadePlan, makePlan, planBetween, unchanged } from "./plan/made_plan.ts";
import type { Resolution } from "./plan/resolve.ts";
import type { SyncPlan } from "./plan/sync_plan.ts";
import type { Conflict, SyncSummary } from "./summary.ts";
import type { Choice, SourcePeer, SourceState } from "./source_peer.ts";
import { referredIds, referTo } from "./zero_copy/refer.ts";
import { makeSyncTables } from "./tables.ts";
import type { CannotCarry } from "./unknown/found_tables.ts";
import { makeTables } from "./unknown/make_tables.ts";

/** What goes from one instance to another. */
export interface SyncRequest {
  readonly source: SourcePeer;
  readonly target: Instance;
  readonly registries: readonly Registry[];
  /** The modules that the registries are of, for targets that lack their tables. */
  readonly modules?: readonly Module[] | undefined;
  /** What the target calls the source: the name of a remote, or where it is. */
  readonly remote: string;
  /** Which artifacts are to come with all that they need; undefined for every row. */
  readonly choice?: Choice | undefined;
  readonly resolution?: Resolution | undefined;
  /** Whether what was deleted at the target comes again. */
  readonly withDeleted?: boolean;
  /** Whether bytes stay where they are for good, and are read there. */
  readonly zeroCopy?: boolean;
  /** Runs the transaction, where others of this process may be under way. */
  readonly alone?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
  /** Uids of artifacts at the target without bytes that are to be read at the source. */
  readonly referable?: ReadonlySet<string>;
  /** What was carried already of the bytes of the artifacts. */
  readonly carried?: Pick<Carried, "stored"> | undefined;
  /** The plan that was made beforehand; nothing but notes was written by this process since. */
  readonly made?: MadePlan | undefined;
  /** How many rows a table has to have for the database to copy it where that can be. */
  readonly copiedMin?: number | undefined;
}

export interface SyncResult extends SyncSummary {
  /** Uids of artifacts that are new at the target, or have another content there from now on. */
  readonly artifacts: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** How many artifacts were there without bytes, and are read at the source from now on. */
  readonly referred: number;
  /** Artifacts whose bytes came, which cannot be said of their rows, and why. */
  readonly unrecorded: readonly LackingContent[];
  /** Tables that no registry defines and that stay at the source. */
  readonly cannotCarry: readonly CannotCarry[];
  readonly applied: Applied | undefined;
  /** Uid of the operation at the target; undefined when nothing changed. */
  readonly operation: string | undefined;
}

/** What a sync would change; nothing is written anywhere. */
export async function planOf(request: SyncRequest): Promise<SyncResult> {
  return (await planned(request)).result;
}

/** As {@link planOf}, with the plan itself, by which {@link sync} goes as long as it holds. */
export async function planned(
  request: SyncRequest,
): Promise<{ readonly result: SyncResult; readonly made: MadePlan }> {
  const { source, target } = request;
  const setting = await settingOf(request);
  return await source.read((from) =>
    target.database.read(async (to) => {
      const made = await makePlan(setting, from, to);
      const referred = (await referredOf(made.joint, made.plan)).length;
      const result = {
        ...made.report,
        referred,
        unrecorded: [],
        applied: undefined,
        operation: undefined,
      };
      return { result, made };
    })
  );
}

/**
 * Brings rows of the source into the target, as one operation there. What both sides changed stays
 * as it is at the target unless it was said who is right; the result names it.
 */
export async function sync(request: SyncRequest, name: OperationName): Promise<SyncResult> {
  const { source, target } = request;
  target.requireWritable();
  const setting = await settingOf(request);
  await source.note();
  const file = mayCopy(request) ? source.fixedFile : undefined;
  const once = (beside: string | undefined) => syncOnce(setting, name, beside);
  const { result, operation } = await maybeBeside(target.database, file, once);
  return { ...result, operation };
}

/** Whether all is wanted as it is, so that tables may be copied where they are new here. */
function mayCopy({ choice, zeroCopy = false, made }: SyncRequest): boolean {
  return choice === undefined && !zeroCopy && made === undefined;
}

/** As {@link sync}; where a file of the source is beside the target, tables may be copied. */
async function syncOnce(
  setting: Setting,
  name: OperationName,
  beside: string | undefined,
): Promise<{ readonly result: Omit<SyncResult, "operation">; operation: string | undefined }> {
  const { source, target, carried, made } = setting;
  return await source.read(async (from) => {
    await prefetch(setting, from);
    const { alone = (work) => work() } = setting;
    return await alone(() =>
      mutate(target, name, async (changes) => {
        await makeSyncTables(changes.writer, setting.hashing);
        const { joint, sides, plan, report } = await unchanged(made, from, changes.reader) ??
          await makePlan(setting, from, changes.reader, beside);
        await makeTables(changes.writer, plan, { ...joint, now: target.host.now() });
        const applied = await applySync(plan, changes, target);
        const refused = new Set(applied.refused.map(({ identity }) => identity));
        const stored = (carried?.stored ?? []).filter(({ uid }) => !refused.has(uid));
        const bytes = await recordContents(changes, target, stored);
        await arrive(setting, changes, applied);
        const ids = await referredOf(setting, plan);
        const referred = await referTo(changes, plan.request.source.rows, ids);
        for (const ledgers of sides.kept) await ledgers.save(changes.writer);
        const result = { ...report, referred, unrecorded: bytes.refused, applied };
        return { result, summary: sentenceOf(setting, result, bytes) };
      })
    );
  });
}

/** Where rows take long to come, they come before the target is locked. */
async function prefetch(setting: Setting, from: SourceState): Promise<void> {
  if (from.prefetch === undefined) return;
  const plan = await setting.target.database.read(async (to) => {
    return (await planBetween(setting, from, to)).plan;
  });
  for (const [table, { missing, newer, conflicts, families }] of plan.tables) {
    const rows = [...missing, ...[...newer, ...conflicts].flatMap(({ source }) => source ?? [])];
    const decided = families.filter(({ decides }) => decides !== "target");
    await from.prefetch(
      table,
      rows.map(({ id }) => id),
      decided.map(({ state }) => state.id),
    );
  }
}

/** A request, and what it takes to see whether rows are the same. */
export interface Setting extends SyncRequest {
  readonly hashing: Hashing;
}

async function settingOf(request: SyncRequest): Promise<Setting> {
  requireKnownSchema(request.target.schema);
  return { ...request, hashing: await request.target.host.hashing() };
}

async function arrive(setting: Setting, changes: Changes, applied: Applied): Promise<void> {
  const { target, source, remote } = setting;
  await noteArrivals(
    changes,
    applied.artifacts,
    target.ownStorage.id,
    { instanceUid: source.uid, remote },
    target.host.now(),
  );
}

/** Ids at the source of artifacts that came before and are to be read there. */
async function referredOf({ referable }: Setting, { request }: SyncPlan): Promise<number[]> {
  const selected = request.selection === undefined
    ? undefined
    : request.selection.get("lamindb_artifact") ?? new Set<number>();
  return await referredIds(request.source.rows, referable ?? new Set(), selected);
}

function sentenceOf(
  { remote }: SyncRequest,
  { records, changed, referred }: Pick<SyncResult, "records" | "changed" | "referred">,
  { recorded }: RecordedContents,
): string {
  const parts = [
    ...(records > 0 ? [`${records} new`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  if (parts.length === 0 && referred > 0) return `read ${referred} artifacts at ${remote}`;
  if (parts.length === 0 && recorded.length > 0) {
    return `take over the bytes of ${plural(recorded.length, "artifact")} from ${remote}`;
  }
  return `take over ${parts.join(" and ") || "removed"} records from ${remote}`;
}
