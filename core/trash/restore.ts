import type { Reader } from "../../store/database/database.ts";
import type { NewRowOf } from "../../store/database/table.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { type BranchRow, hasVersions } from "../version/family.ts";
import { requireOneHead, type RowChange, toBranch } from "../version/heads.ts";
import { applyRowChanges } from "./apply.ts";
import { destinations } from "./destinations.ts";
import { newKey, requireFreeKeys, requireNoTwin } from "./free_key.ts";
import { type RecordSelection, selectRecords } from "./records.ts";
import { asBranchRows } from "./remove.ts";
import { selectTrashed } from "./selection.ts";

export interface RestoreRequest {
  readonly operation: OperationName;
  readonly references: readonly string[];
  /** Registry of the records; undefined for artifacts. */
  readonly registry?: Registry;
  /**
   * Name or uid of the branch to restore to. Unless given, each record goes back to the one that it
   * was removed from, and to main, as in LaminDB, where the operation log does not tell.
   */
  readonly branch?: string;
  /** Another key for the one family that is restored. */
  readonly key?: string;
  /** Restore even where another artifact has taken the key meanwhile. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface Restored {
  readonly registry: Registry;
  readonly restored: readonly BranchRow[];
  /** Those of which it is not known where they lay, and that were made on another branch. */
  readonly unsure: readonly BranchRow[];
  readonly operation: string | undefined;
}

/**
 * Brings records back from the trash, a key with all its versions. Each family has one
 * latest version there afterwards (COMPAT §14.13). Throws code "conflict" when another artifact has
 * taken the key, "not_found" for what is not in the trash.
 */
export async function restore(instance: Instance, request: RestoreRequest): Promise<Restored> {
  const registry: Registry = request.registry ?? artifact;
  if (request.dryRun) {
    const plan = await instance.database.read((reader) => planRestore(instance, reader, request));
    return { registry, restored: after(plan), unsure: plan.unsure, operation: undefined };
  }
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const plan = await planRestore(instance, changes.reader, request);
    await applyRowChanges(changes, registry, plan.changes);
    if (plan.key !== undefined) await rename(changes, plan.rows, plan.key);
    if (hasVersions(registry)) {
      await requireOneHead(changes.reader, registry, plan.rows.map(({ uid }) => uid));
    }
    return { result: plan, summary: summaryOf(registry, plan.rows) };
  });
  return { registry, restored: after(result), unsure: result.unsure, operation };
}

interface Plan {
  readonly rows: readonly BranchRow[];
  readonly changes: readonly RowChange[];
  readonly key: string | undefined;
  readonly unsure: readonly BranchRow[];
}

async function planRestore(
  instance: Instance,
  reader: Reader,
  request: RestoreRequest,
): Promise<Plan> {
  const { registry = artifact, references } = request;
  const { rows, family } = request.registry === undefined
    ? await trashedArtifacts(instance, reader, references)
    : await trashedRecords(instance, reader, request.registry, references);
  const artifacts = registry === artifact ? rows as unknown as readonly ArtifactRow[] : [];
  const key = request.key === undefined || registry !== artifact
    ? undefined
    : newKey(artifacts, request.key);
  const { branchOf, unsure } = await destinations(reader, registry, rows, request.branch);
  const changes: RowChange[] = [];
  for (const [branch, coming] of Map.groupBy(rows, branchOf)) {
    const own = artifacts.filter((row) => branchOf(row) === branch);
    if (!request.force) await requireFreeKeys(reader, own, key, branch);
    changes.push(...toBranch(coming, family, branch));
  }
  if (key !== undefined) await requireNoTwin(reader, artifacts, key);
  return { rows, changes, key, unsure };
}

async function trashedArtifacts(
  instance: Instance,
  reader: Reader,
  references: readonly string[],
): Promise<RecordSelection> {
  const { rows, family } = await selectTrashed(instance, reader, references);
  return { rows: asBranchRows(rows), family: asBranchRows(family) };
}

async function trashedRecords(
  instance: Instance,
  reader: Reader,
  registry: Registry,
  references: readonly string[],
): Promise<RecordSelection> {
  const current = await currentBranchId(instance, reader);
  return await selectRecords(reader, registry, references, "trash", current);
}

/** Gives rows, which were just moved, another key; bytes stay where they lie. */
async function rename(changes: Changes, rows: readonly BranchRow[], key: string): Promise<void> {
  const list = changes.reader.dialect.valuesOf(rows.map(({ id }) => id));
  const present = await changes.reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  const groups = Map.groupBy(present, (row) => row._key_is_virtual ? null : storageKeyOf(row));
  for (const [place, group] of groups) {
    const values: NewRowOf<typeof artifact> = place === null
      ? { key }
      : { key, _real_key: place, _key_is_virtual: true };
    await changes.update(artifact, group, values);
  }
}

function after({ rows, changes, key }: Plan): BranchRow[] {
  const back = new Set(rows.map(({ id }) => id));
  return changes.filter(({ row }) => back.has(row.id)).map(({ row, values }) => ({
    ...row,
    ...values,
    ...(key === undefined ? {} : { key }),
  }));
}

function summaryOf(registry: Registry, rows: readonly BranchRow[]): string {
  const names = new Set(rows.map((row) => row[registry.nameField ?? "uid"] ?? row.uid));
  const [name] = names;
  const versions = rows.length > 1 ? ` (${rows.length} versions)` : "";
  return `${names.size === 1 ? name : names.size}${versions} from the trash`;
}
