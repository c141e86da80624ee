import type { Reader } from "../../store/database/database.ts";
import type { BlobStore, UnfinishedBatch } from "../../store/objects/blob_store.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { type FormerName, formerNames } from "./former_names.ts";
import { Leases } from "../sync/lease/leases.ts";
import { neededCopies } from "./last_copies.ts";
import { type LeftAlone, pythonFilesWithoutRow } from "./python_files.ts";
import { ownStorages } from "./own_storages.ts";
import { References } from "./references.ts";
import { type Measured, type StoredObject, storedObjects } from "./stored_objects.ts";

/** An object that no artifact has. */
export interface Unreferenced extends StoredObject, Measured {
  readonly storage: StorageRow;
}

/** Why an object that no artifact has stays for now. */
export type KeptBecause =
  | "young" // it was written within the grace period
  | "undo" // an operation within the grace period can be undone, and needs it then
  | "addition" // a command is under way that may have put it there
  | "last copy" // an artifact's own bytes are not there, and these would be the same
  | "lease"; // another instance reads it where it lies

export interface Collectable extends Unreferenced {
  /** The artifacts that it was the content of, as far as the operation log tells. */
  readonly formerly: readonly FormerName[];
}

export interface Kept extends Unreferenced {
  readonly because: KeptBecause;
  /** Who reads it, as `owner/name`, where that is why. */
  readonly reader?: string;
}

export interface LeftOver extends UnfinishedBatch {
  readonly storage: StorageRow;
}

/** What `gc` would delete, and what not. */
export interface GarbagePlan {
  /** The storages that were looked at. */
  readonly storages: readonly StorageRow[];
  /** Whether what others read, and the last copy of something, may go too. */
  readonly isForced: boolean;
  readonly collectable: readonly Collectable[];
  /** What processes that died left of additions that were never complete. */
  readonly leftOvers: readonly LeftOver[];
  readonly kept: readonly Kept[];
  /** Files that Python wrote, that no artifact has and that are not for `gc` to delete. */
  readonly leftAlone: readonly LeftAlone[];
}

/** What may be looked for, and deleted. */
export interface GarbageRequest {
  /** What is younger stays, in milliseconds. */
  readonly graceMs: number;
  /** The own storage unless given. */
  readonly storages?: readonly StorageRow[] | undefined;
  /** Whether what others read, and the last copy of something, may go too. */
  readonly isForced?: boolean;
}

/**
 * Finds what can be deleted from storages. Nothing is changed. Throws code "damaged" for an
 * unreadable log.
 */
export async function planGarbage(
  instance: Instance,
  { graceMs, storages = ownStorages(instance), isForced = false }: GarbageRequest,
): Promise<GarbagePlan> {
  const collectable: Collectable[] = [];
  const leftOvers: LeftOver[] = [];
  const kept: Kept[] = [];
  const leftAlone: LeftAlone[] = [];
  const youngSince = new Date(instance.host.now().getTime() - graceMs);
  const { references, leases } = await instance.database.read(async (reader) => ({
    references: await References.load(instance, reader, storages, youngSince),
    leases: await Leases.load(reader),
  }));
  for (const storage of storages) {
    const blobs = instance.blobsOf(storage.id);
    const batches = await blobs.unfinished();
    for (const batch of batches) if (batch.isAbandoned) leftOvers.push({ ...batch, storage });
    const found = await unreferenced(blobs, storage, references);
    const selection = await instance.database.read((reader) =>
      select(instance, reader, found, {
        references,
        leases,
        isForced,
        youngSince,
        underWaySince: oldestUnderWay(batches),
      })
    );
    kept.push(...selection.kept);
    collectable.push(...selection.collectable);
    leftAlone.push(...await pythonFilesWithoutRow(blobs, storage, references));
  }
  return { storages, isForced, collectable, leftOvers, kept, leftAlone };
}

/** The objects of a storage that no present or former row refers to, measured. */
async function unreferenced(
  blobs: BlobStore,
  storage: StorageRow,
  references: References,
): Promise<{ object: Unreferenced; mayComeBack: boolean }[]> {
  const found: { object: Unreferenced; mayComeBack: boolean }[] = [];
  for await (const object of storedObjects(blobs)) {
    if ("stray" in object) continue;
    const reference = references.to(storage, object.name);
    if (reference === "artifact") continue;
    const measured = object.measured ?? await measure(blobs, object);
    if (measured === undefined) continue;
    const mayComeBack = reference === "undo" || references.formerContents.has(object.sha256);
    found.push({ object: { ...object, ...measured, storage }, mayComeBack });
  }
  return found;
}

/**
 * Size and age of an object; undefined when it is gone. A folder is as young as its youngest file.
 */
export async function measure(
  blobs: BlobStore,
  object: StoredObject,
): Promise<Measured | undefined> {
  if (!object.isFolder) {
    const entry = await blobs.entry(object.name);
    return entry && { size: entry.size, files: 1, writtenAt: entry.writtenAt };
  }
  const total = { size: 0, files: 0, writtenAt: new Date(0) };
  for await (const { size, writtenAt } of blobs.list(`${object.name}/`)) {
    total.size += size;
    total.files++;
    if (writtenAt > total.writtenAt) total.writtenAt = writtenAt;
  }
  return total;
}

/** When the oldest batch that may still be published was begun. */
export function oldestUnderWay(batches: readonly UnfinishedBatch[]): Date | undefined {
  return batches.filter(({ isAbandoned }) => !isAbandoned)
    .map(({ begunAt }) => begunAt)
    .reduce<Date | undefined>((a, b) => a === undefined || b < a ? b : a, undefined);
}

interface Limits {
  readonly references: References;
  readonly leases: Leases;
  readonly isForced: boolean;
  readonly youngSince: Date;
  readonly underWaySince: Date | undefined;
}

/** Divides unreferenced objects into those that can go and those that stay for now. */
async function select(
  instance: Instance,
  reader: Reader,
  found: readonly { object: Unreferenced; mayComeBack: boolean }[],
  limits: Limits,
): Promise<{ collectable: Collectable[]; kept: Kept[] }> {
  const kept: Kept[] = [];
  const free: Unreferenced[] = [];
  for (const { object, mayComeBack } of found) {
    const because = reasonToKeep(object, mayComeBack, limits);
    const reader = limits.isForced
      ? undefined
      : limits.leases.readerOf(object.storage.id, object.name);
    if (because !== undefined) kept.push({ ...object, because });
    else if (reader !== undefined) kept.push({ ...object, because: "lease", reader });
    else free.push(object);
  }
  const needed = limits.isForced
    ? new Set<Unreferenced>()
    : await neededCopies(instance, reader, free);
  for (const object of free) if (needed.has(object)) kept.push({ ...object, because: "last copy" });
  const collectable = free.filter((object) => !needed.has(object));
  const names = await formerNames(instance, reader, collectable, limits.references);
  return {
    collectable: collectable.map((object) => ({ ...object, formerly: names.get(object) ?? [] })),
    kept,
  };
}

/**
 * Times of the youngest bytes decide; those of the same millisecond as a limit count as younger.
 */
function reasonToKeep(
  { writtenAt }: Unreferenced,
  mayComeBack: boolean,
  { youngSince, underWaySince }: Limits,
): KeptBecause | undefined {
  if (writtenAt > youngSince) return "young";
  if (mayComeBack) return "undo";
  if (underWaySince !== undefined && writtenAt >= underWaySince) return "addition";
  return undefined;
}
