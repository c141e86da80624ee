import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { trashBranch } from "../version/branch_ids.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { meaningOf } from "../reference/meaning.ts";
import { notFound } from "../reference/not_found.ts";
import { type BranchRow, familyRows, hasVersions } from "../version/family.ts";
import { requireOneHead, toTrash } from "../version/heads.ts";
import { applyRowChanges } from "./apply.ts";
import { type Deletion, deletionOf, type RegistryRow } from "./dependants.ts";
import { selectRecords, withMembers } from "./records.ts";
import { asBranchRows } from "./remove.ts";
import { requireRecursive, type Selection, selectLive, selectTrashed } from "./selection.ts";

export interface DeleteRequest {
  readonly operation: OperationName;
  readonly references: readonly string[];
  /** Registry of the records; undefined for artifacts. */
  readonly registry?: Registry;
  readonly recursive: boolean;
  /** Of LaminDB and all modules. */
  readonly registries: readonly Registry[];
}

/** Records that are to be deleted for good, with everything that goes with them. */
export interface DeletionPlan extends Deletion {
  readonly registry: Registry;
  readonly rows: readonly BranchRow[];
}

/**
 * What deleting records for good comes to. Live ones must be named one by one; of a folder only
 * what is in the trash goes. Throws code "conflict" when something refers to them, "not_found",
 * "usage".
 */
export async function planDeletion(
  instance: Instance,
  request: DeleteRequest,
): Promise<DeletionPlan> {
  return await instance.database.read((reader) => plan(instance, reader, request));
}

/**
 * Deletes records for good. Bytes stay until `gc`, and `undo` brings the rows back as long as they
 * do. Returns what went, and the uid of the operation.
 */
export async function deleteForGood(
  instance: Instance,
  request: DeleteRequest,
): Promise<DeletionPlan & { readonly operation: string | undefined }> {
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const planned = await plan(instance, changes.reader, request);
    await apply(changes, planned);
    const count = planned.rows.length;
    const [first] = planned.rows;
    const name = count === 1 ? first![planned.registry.nameField ?? "uid"] ?? first!.uid : count;
    return { result: planned, summary: `${name} for good` };
  });
  return { ...result, operation };
}

async function plan(
  instance: Instance,
  reader: Reader,
  request: DeleteRequest,
): Promise<DeletionPlan> {
  const registry: Registry = request.registry ?? artifact;
  const rows = await rowsToDelete(instance, reader, request);
  const deletion = await deletionOf(reader, request.registries, registry, rows);
  return { registry, rows, ...deletion };
}

async function rowsToDelete(
  instance: Instance,
  reader: Reader,
  request: DeleteRequest,
): Promise<readonly BranchRow[]> {
  const { registry } = request;
  if (registry !== undefined) {
    const branch = await currentBranchId(instance, reader);
    const live = await selectRecords(reader, registry, request.references, "all", branch);
    return await withMembers(reader, registry, live.rows);
  }
  const selections: Selection[] = [];
  for (const reference of request.references) {
    selections.push(await selectOne(instance, reader, reference, request.recursive));
  }
  const rows = selections.flatMap((selection) => selection.rows);
  return asBranchRows([...new Map(rows.map((row) => [row.id, row])).values()]);
}

async function selectOne(
  instance: Instance,
  reader: Reader,
  reference: string,
  recursive: boolean,
): Promise<Selection> {
  const inTrash = await meaningOf(instance, reader, reference, "trash").catch(notFoundAsUndefined);
  if (inTrash?.kind === "folder") {
    requireRecursive(reference, recursive);
    return await selectTrashed(instance, reader, [reference]);
  }
  const live = await meaningOf(instance, reader, reference, "live").catch(notFoundAsUndefined);
  if (live?.kind === "folder") {
    throw new LaminError("usage", `nothing below '${reference}' is in the trash`, {
      hint: "what is in use is deleted for good only when it is named itself; 'lamin rm -r' first",
    });
  }
  if (live === undefined && inTrash === undefined) {
    throw await notFound(reader, reference, "all");
  }
  const isLive = live !== undefined && live.row.branch_id !== trashBranch;
  return isLive
    ? await selectLive(instance, reader, [reference], recursive)
    : await selectTrashed(instance, reader, [reference]);
}

function notFoundAsUndefined(error: unknown): undefined {
  if (error instanceof LaminError && error.code === "not_found") return undefined;
  throw error;
}

async function apply(changes: Changes, planned: DeletionPlan): Promise<void> {
  const { registry, rows } = planned;
  if (hasVersions(registry)) await promoteNext(changes, registry, rows);
  for (const { registry: referring, column, rows: cleared } of planned.cleared) {
    await changes.update(referring, cleared as RegistryRow[], { [column]: null });
  }
  for (const [one, gone] of [...planned.deleted].reverse()) {
    await changes.delete(one, gone as RegistryRow[]);
  }
  if (hasVersions(registry)) {
    await requireOneHead(changes.reader, registry, rows.map(({ uid }) => uid));
  }
}

/**
 * Where the head of a family goes and leaves others behind, the newest of those becomes the head.
 */
async function promoteNext(
  changes: Changes,
  registry: Registry,
  rows: readonly BranchRow[],
): Promise<void> {
  const family = await familyRows(changes.reader, registry, rows.map(({ uid }) => uid));
  const leaving = rows.filter(({ branch_id }) => branch_id !== trashBranch);
  const going = new Set(rows.map(({ id }) => id));
  const promoted = toTrash(leaving, family)
    .filter(({ row, values }) => values.is_latest === true && !going.has(row.id));
  await applyRowChanges(changes, registry, promoted);
}
