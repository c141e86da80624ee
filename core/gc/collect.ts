import { LaminError } from "../../store/errors.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { newBatchName, stagingFolder } from "../../store/objects/staging.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { laminObject } from "../side_tables.ts";
import { formatBytes, plural } from "../text/quantity.ts";
import { removeDeadContents } from "./dead_contents.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import { type Collectable, type GarbagePlan, measure, oldestUnderWay } from "./plan.ts";
import { Leases } from "../sync/lease/leases.ts";
import { References } from "./references.ts";
import { type Measured, storedObjects } from "./stored_objects.ts";

/** What became of a plan. */
export interface Collected {
  readonly objects: readonly Collectable[];
  /** Uid of the operation, when anything was deleted. */
  readonly operation: string | undefined;
}

/**
 * Deletes what a plan found, as one operation. Whoever adds artifacts writes their rows under the
 * same lock and looks then whether the bytes are there, so an object is either seen as referenced
 * here or as missing there.
 *
 * Under the lock objects are only moved out of sight, each at once, after every reference was read
 * again; the bytes go when the rows are committed. A process that dies before leaves objects aside,
 * which the next `gc` finds, and notes of them, which `fsck --repair` removes; nothing refers to
 * either. Where the commit fails, the objects go back, but for those on a server. What was
 * collected cannot be undone.
 */
export async function collectGarbage(
  instance: Instance,
  plan: GarbagePlan,
  graceMs: number,
  operation: OperationName,
): Promise<Collected> {
  instance.requireWritable();
  const leftOvers = plan.leftOvers;
  if (plan.collectable.length + leftOvers.length === 0) {
    return { objects: [], operation: undefined };
  }
  const aside = new Aside(instance);
  const { result: objects, operation: uid } = await mutate(instance, operation, async (changes) => {
    const still = await stillCollectable(instance, changes, plan, graceMs);
    await removeRows(changes, still);
    const moved = await aside.take(still);
    const isLogged = moved.length + leftOvers.length > 0;
    return { result: moved, summary: summaryOf(moved, leftOvers), isLogged };
  }).catch(async (error) => {
    await aside.putBack();
    throw error;
  });
  await aside.remove();
  for (const { storage, name } of leftOvers) await instance.blobsOf(storage.id).remove([name]);
  return { objects, operation: uid };
}

/** Those objects of a plan that nothing refers to under the lock, and that are as they were. */
async function stillCollectable(
  instance: Instance,
  changes: Changes,
  { storages, isForced, collectable: planned }: GarbagePlan,
  graceMs: number,
): Promise<Collectable[]> {
  const since = new Date(instance.host.now().getTime() - graceMs);
  const references = await References.load(instance, changes.reader, storages, since);
  const leases = await Leases.load(changes.reader);
  const isLeased = ({ storage, name }: Collectable) =>
    !isForced && leases.readerOf(storage.id, name) !== undefined;
  const underWay = new Map<number, Date | undefined>();
  for (const { id } of storages) {
    underWay.set(id, oldestUnderWay(await instance.blobsOf(id).unfinished()));
  }
  const free = planned.filter((object) =>
    !isLeased(object) &&
    !(references.to(object.storage, object.name) ?? references.formerContents.has(object.sha256))
  );
  const measured = await measureAll(instance, free);
  const still: Collectable[] = [];
  for (const [index, object] of free.entries()) {
    const { storage } = object;
    const present = measured[index];
    const isSame = present?.writtenAt.getTime() === object.writtenAt.getTime() &&
      present.size === object.size && present.files === object.files;
    const since = underWay.get(storage.id);
    if (isSame && (since === undefined || object.writtenAt < since)) still.push(object);
  }
  return still;
}

/** From so many objects on a server on all of them are listed, rather than asked for one by one. */
const listedMin = 100;

async function measureAll(
  instance: Instance,
  objects: readonly Collectable[],
): Promise<(Measured | undefined)[]> {
  const listed = new Map<string, Measured>();
  for (const [id, own] of Map.groupBy(objects, ({ storage }) => storage.id)) {
    const blobs = instance.blobsOf(id);
    if (liesHere(blobs) || own.length < listedMin) continue;
    for await (const found of storedObjects(blobs)) {
      if (!("stray" in found)) listed.set(`${id}/${found.name}`, found.measured!);
    }
  }
  return await concurrently(objects, requestsAtOnce, async (object) => {
    const { storage, name } = object;
    if (listed.size > 0) return listed.get(`${storage.id}/${name}`);
    return await measure(instance.blobsOf(storage.id), object);
  });
}

async function removeRows(
  changes: Changes,
  objects: readonly Collectable[],
): Promise<void> {
  for (const [storageId, own] of Map.groupBy(objects, ({ storage }) => storage.id)) {
    const list = changes.reader.dialect.valuesOf(own.map(({ name }) => name));
    const rows = await changes.reader.select(
      laminObject,
      `storage_id = ? AND name IN (${list.sql})`,
      [storageId, ...list.parameters],
    );
    await changes.delete(laminObject, rows);
  }
  await removeDeadContents(changes, objects.map(({ sha256 }) => sha256));
}

/** Objects on their way out. */
class Aside {
  readonly #moved: { blobs: BlobStore; from: string; to: string }[] = [];
  readonly #folder: string;

  constructor(private readonly instance: Instance) {
    this.#folder = `${stagingFolder}/${newBatchName(instance.host)}`;
  }

  /** Moves objects aside; returns those that were still there. */
  async take(objects: readonly Collectable[]): Promise<Collectable[]> {
    const taken: Collectable[] = [];
    for (const object of objects) {
      const blobs = this.instance.blobsOf(object.storage.id);
      if (!liesHere(blobs)) continue;
      const to = `${this.#folder}/${this.#moved.length}`;
      if (!(await blobs.move(object.name, to))) continue;
      this.#moved.push({ blobs, from: object.name, to });
      taken.push(object);
    }
    return [...taken, ...await this.#removeElsewhere(objects)];
  }

  /**
   * On a server giving another name is as much as copying, so objects are deleted at once. They do
   * not come back when the commit fails, which leaves notes of them.
   */
  async #removeElsewhere(objects: readonly Collectable[]): Promise<Collectable[]> {
    const removed: Collectable[] = [];
    for (const [id, own] of Map.groupBy(objects, ({ storage }) => storage.id)) {
      const blobs = this.instance.blobsOf(id);
      if (liesHere(blobs)) continue;
      await blobs.remove(own.map(({ name, isFolder }) => isFolder ? `${name}/` : name));
      removed.push(...own);
    }
    return removed;
  }

  /** Gives objects their names back, unless another process stored the same bytes meanwhile. */
  async putBack(): Promise<void> {
    for (const { blobs, from, to } of this.#moved) {
      try {
        await blobs.move(to, from);
      } catch (error) {
        if (!(error instanceof LaminError && error.code === "conflict")) throw error;
      }
    }
    await this.remove();
  }

  async remove(): Promise<void> {
    const stores = new Set(this.#moved.map(({ blobs }) => blobs));
    for (const blobs of stores) await blobs.remove([`${this.#folder}/`]);
  }
}

function summaryOf(
  objects: readonly Collectable[],
  leftOvers: GarbagePlan["leftOvers"],
): string {
  const bytes = [...objects, ...leftOvers].reduce((sum, { size }) => sum + size, 0);
  const parts = [
    ...(objects.length > 0 || leftOvers.length === 0 ? [plural(objects.length, "object")] : []),
    ...(leftOvers.length > 0 ? [plural(leftOvers.length, "unfinished addition")] : []),
  ];
  return `deleted ${parts.join(" and ")} (${formatBytes(bytes)})`;
}
