import type { Reader } from "../../store/database/database.ts";
import type { Hashing } from "../../store/host/host.ts";
import { LaminError } from "../../store/errors.ts";
import { identityOf } from "../instance/identity.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import type { Registry } from "../registry/registry.ts";
import { type Applied, applySync } from "./apply/apply.ts";
import { noteArrivals } from "./apply/note_arrivals.ts";
import type { Carried } from "./contents/carry.ts";
import { recordContents } from "./contents/record.ts";
import { Ledgers } from "./ledger/ledgers.ts";
import { keepsLedger, noteOwn } from "./note_own.ts";
import { shapesOf, sideOf } from "./open_side.ts";
import { type Resolution, resolveConflicts } from "./plan/resolve.ts";
import { storagePlan } from "./plan/storages.ts";
import { planSync, type Selection, type SyncPlan } from "./plan/sync_plan.ts";
import type { SyncSide } from "./plan/table_plan.ts";
import { type Conflict, conflictsOf, summaryOf, type SyncSummary } from "./summary.ts";
import { makeSyncTables } from "./tables.ts";

/** What goes from one instance to another. */
export interface SyncRequest {
  readonly source: Instance;
  readonly target: Instance;
  readonly registries: readonly Registry[];
  /** What the target calls the source: the name of a remote, or where it is. */
  readonly remote: string;
  /** Chooses rows of the source; undefined for all of them. */
  readonly select?: ((reader: Reader) => Promise<Selection>) | undefined;
  readonly resolution?: Resolution | undefined;
  /** Whether bytes stay where they are for good, and are read there. */
  readonly zeroCopy?: boolean;
  /** What was carried already of the bytes of the artifacts. */
  readonly carried?: Pick<Carried, "stored"> | undefined;
}

export interface SyncResult extends SyncSummary {
  /** Uids of artifacts that are new at the target, or have another content there from now on. */
  readonly artifacts: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly applied: Applied | undefined;
  /** Uid of the operation at the target; undefined when nothing changed. */
  readonly operation: string | undefined;
}

/** What a sync would change; nothing is written anywhere. */
export async function planOf(request: SyncRequest): Promise<SyncResult> {
  const { source, target } = request;
  const setting = await settingOf(request);
  return await source.database.read((from) =>
    target.database.read(async (to) => {
      const sides = sidesOf(setting, from, to);
      const plan = await madePlan(setting, sides, from);
      return { ...await reportOf(plan), applied: undefined, operation: undefined };
    })
  );
}

/**
 * Brings rows of the source into the target, as one operation there. What both sides changed stays
 * as it is at the target unless it was said who is right; the result names it.
 */
export async function sync(request: SyncRequest, name: OperationName): Promise<SyncResult> {
  const { source, target, registries } = request;
  target.requireWritable();
  const setting = await settingOf(request);
  if (setting.keepsOwn) await noteOwn(source, registries);
  const { result, operation } = await source.database.read((from) =>
    mutate(target, name, async (changes) => {
      await makeSyncTables(changes.writer, setting.hashing);
      const sides = sidesOf(setting, from, changes.reader);
      const plan = await madePlan(setting, sides, from);
      const report = await reportOf(plan);
      const applied = await applySync(plan, changes, { ownStorageId: target.ownStorage.id });
      await recordContents(changes, target, request.carried?.stored ?? []);
      await arrive(setting, changes, applied);
      for (const ledgers of sides.kept) await ledgers.save(changes.writer);
      return { result: { ...report, applied }, summary: sentenceOf(request, report) };
    })
  );
  return { ...result, operation };
}

interface Setting extends SyncRequest {
  readonly hashing: Hashing;
  /** Uid of the source. */
  readonly sourceUid: string;
  readonly keepsOwn: boolean;
}

async function settingOf(request: SyncRequest): Promise<Setting> {
  if (request.source.schema.state !== "known" || request.target.schema.state !== "known") {
    throw new LaminError("schema_unknown", "the two instances have different schemas", {
      hint: "bring both to the schema of LaminDB 2.12 with 'lamin migrate deploy' of Python",
    });
  }
  const { uid } = await identityOf(request.source);
  const hashing = await request.target.host.hashing();
  return { ...request, hashing, sourceUid: uid, keepsOwn: await keepsLedger(request.source) };
}

interface Sides {
  readonly source: SyncSide;
  readonly target: SyncSide & { readonly reader: Reader };
  /** The notes that the target keeps. */
  readonly kept: readonly Ledgers[];
}

function sidesOf(setting: Setting, from: Reader, to: Reader): Sides {
  const shapes = shapesOf(setting.registries);
  const own = new Ledgers(to, "");
  const theirs = setting.keepsOwn ? new Ledgers(from, "") : new Ledgers(to, setting.sourceUid);
  const { hashing } = setting;
  return {
    source: sideOf(setting.source, from, theirs, shapes, hashing),
    target: sideOf(setting.target, to, own, shapes, hashing),
    kept: setting.keepsOwn ? [own] : [own, theirs],
  };
}

async function madePlan(
  setting: Setting,
  { source, target }: Sides,
  from: Reader,
): Promise<SyncPlan> {
  const plan = await planSync({
    shapes: shapesOf(setting.registries),
    hashing: setting.hashing,
    source,
    target,
    selection: await setting.select?.(from),
    storages: await storagePlan(setting.target, source.rows, target, setting.zeroCopy ?? false),
  });
  if (setting.resolution !== undefined) await resolveConflicts(plan, setting.resolution);
  return plan;
}

async function reportOf(
  plan: SyncPlan,
): Promise<Omit<SyncResult, "applied" | "operation">> {
  return {
    ...summaryOf(plan),
    artifacts: await arrivingUids(plan),
    conflicts: await conflictsOf(plan),
  };
}

async function arrivingUids({ tables, request }: SyncPlan): Promise<string[]> {
  const plan = tables.get("lamindb_artifact");
  if (plan === undefined) return [];
  const rows = [...plan.missing, ...plan.newer.flatMap(({ source }) => source ?? [])];
  return await request.source.rows.uids("lamindb_artifact", rows.map(({ id }) => id));
}

async function arrive(setting: Setting, changes: Changes, applied: Applied): Promise<void> {
  const { target, sourceUid, remote } = setting;
  await noteArrivals(
    changes,
    [...applied.artifacts.keys()],
    target.ownStorage.id,
    { instanceUid: sourceUid, remote },
    target.host.now(),
  );
}

function sentenceOf({ remote }: SyncRequest, { records, changed }: SyncSummary): string {
  const parts = [
    ...(records > 0 ? [`${records} new`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return `take over ${parts.join(" and ") || "removed"} records from ${remote}`;
}
