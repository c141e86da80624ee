import { canonicalTime } from "../../migrate/canonical_time.ts";
import { identityOfUid } from "../rows/row_hash.ts";
import { familyIdentity } from "../rows/versions.ts";
import { nextVersionUid, stemUid } from "../../identity/uid.ts";
import { type BranchRow, byStem, familyRows } from "../../version/family.ts";
import type { VersionState } from "../rows/row_source.ts";
import type { SyncPlan } from "./sync_plan.ts";
import type { Difference, SourceRow, TablePlan } from "./table_plan.ts";

/** A version of the target that gets another number. */
export interface Renaming {
  readonly row: BranchRow;
  readonly uid: string;
}

/**
 * Tells versions apart to which both sides gave one number. The same two versions get the same
 * numbers whichever side is the target: who was first, by the time of creation, keeps its number or
 * takes that which the other side gave it, the others follow.
 */
export async function renumber(plan: SyncPlan, one: TablePlan): Promise<void> {
  const { registry } = one.shape;
  const suspects = one.conflicts.flatMap(({ source }) => source ?? []);
  if (suspects.length === 0 || !("is_latest" in registry.columns)) return;
  const there = await plan.request.source.rows.versions(
    registry.name,
    suspects.map(({ id }) => id),
  );
  const uids = [...there.values()].map(([first]) => first!.uid);
  const here = byStem(await familyRows(plan.request.target.reader, registry, uids));
  for (const [stem, versions] of byStem([...there.values()].flat())) {
    const records = recordsOf(versions, here.get(stem) ?? []);
    if (records.some(({ theirs, ours }) => isTaken(records, theirs?.uid, ours?.uid))) {
      settle(plan, one, records);
    }
  }
}

/** One version, as each side has it. */
interface VersionRecord {
  readonly createdAt: string;
  readonly theirs: VersionState | undefined;
  readonly ours: BranchRow | undefined;
}

/** Versions of a family, the oldest first: one of the same moment is the same one. */
function recordsOf(
  theirs: readonly VersionState[],
  ours: readonly BranchRow[],
): VersionRecord[] {
  const byMoment = new Map<string, { theirs?: VersionState; ours?: BranchRow }>();
  const at = (time: string) => {
    const moment = canonicalTime(time);
    const known = byMoment.get(moment) ?? {};
    byMoment.set(moment, known);
    return known;
  };
  for (const version of theirs) at(version.createdAt).theirs = version;
  for (const row of ours) at(row.created_at).ours = row;
  return [...byMoment].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([createdAt, { theirs, ours }]) => ({ createdAt, theirs, ours }));
}

/** Whether a number that one side gave to a version is another version's on the other side. */
function isTaken(
  records: readonly VersionRecord[],
  theirs: string | undefined,
  ours: string | undefined,
): boolean {
  return records.some((other) =>
    theirs !== undefined && other.ours?.uid === theirs && other.theirs?.uid !== theirs ||
    ours !== undefined && other.theirs?.uid === ours && other.ours?.uid !== ours
  );
}

function settle(plan: SyncPlan, one: TablePlan, records: readonly VersionRecord[]): void {
  const numbers = numbersOf(records);
  const { name } = one.shape.registry;
  for (const record of records) {
    const { theirs, ours } = record;
    const uid = numbers.get(record)!;
    if (ours !== undefined && ours.uid !== uid) rename(plan, one, ours, uid);
    if (theirs === undefined) continue;
    if (theirs.uid !== uid) plan.translation.addUid(name, theirs.identity, uid);
  }
  decideAnew(plan, one, records);
  const sources = records.map(({ theirs }) => theirs && takeOut(one, theirs.identity));
  for (const [index, record] of records.entries()) {
    const source = sources[index];
    if (source === undefined || record.ours !== undefined) continue;
    one.missing.push({ ...source, identity: identityOfUid(numbers.get(record)!) });
  }
}

/** Under the same numbers both sides may seem to have the same latest version. */
function decideAnew(
  plan: SyncPlan,
  one: TablePlan,
  records: readonly VersionRecord[],
): void {
  const { uid, id } = records.find(({ theirs }) => theirs !== undefined)!.theirs!;
  const identity = familyIdentity(plan.hash, one.shape.registry.name, stemUid(uid));
  const others = one.families.filter(({ state }) => state.identity !== identity);
  const state = { id, identity, digest: "" };
  one.families = [...others, { state, isKnownHere: true, decides: "newest" }];
}

/** Which number each version has from now on. */
function numbersOf(records: readonly VersionRecord[]): Map<VersionRecord, string> {
  const taken = new Set<string>();
  const numbers = new Map<VersionRecord, string>();
  for (const record of records) {
    const given = [record.theirs?.uid, record.ours?.uid].filter((uid) => uid !== undefined).sort();
    const free = given.find((uid) => !taken.has(uid));
    if (free === undefined) continue;
    numbers.set(record, free);
    taken.add(free);
  }
  const all = new Set([
    ...taken,
    ...records.flatMap(({ theirs, ours }) => [theirs?.uid, ours?.uid]),
  ].filter((uid) => uid !== undefined));
  for (const record of records) {
    if (numbers.has(record)) continue;
    const uid = nextVersionUid([...all]);
    numbers.set(record, uid);
    all.add(uid);
  }
  return numbers;
}

function rename(plan: SyncPlan, one: TablePlan, row: BranchRow, uid: string): void {
  const { name } = one.shape.registry;
  one.renamings.push({ row, uid });
  const ids = plan.targetIds.get(name)!;
  const former = identityOfUid(row.uid);
  if (ids.get(former) === row.id) ids.delete(former);
  ids.set(identityOfUid(uid), row.id);
}

/** Removes what was planned for a row of the source, and gives it. */
function takeOut(one: TablePlan, identity: string): SourceRow | undefined {
  const found = one.missing.find((row) => row.identity === identity) ??
    [...one.newer, ...one.conflicts].find(({ source }) => source?.identity === identity)?.source;
  one.missing = one.missing.filter((row) => row.identity !== identity);
  const isOther = (difference: Difference) => difference.source?.identity !== identity;
  one.newer = one.newer.filter(isOther);
  one.conflicts = one.conflicts.filter(isOther);
  return found;
}
