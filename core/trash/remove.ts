import type { Reader } from "../../store/database/database.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { mainBranch } from "../version/branch_ids.ts";
import { type BranchRow, hasVersions } from "../version/family.ts";
import { type RowChange, toTrash } from "../version/heads.ts";
import { applyRowChanges } from "./apply.ts";
import { selectRecords, withMembers } from "./records.ts";
import { selectLive } from "./selection.ts";

export interface RemoveRequest {
  readonly operation: OperationName;
  readonly references: readonly string[];
  /** Registry of the records; undefined for artifacts. */
  readonly registry?: Registry;
  /** Whether a folder may be named. */
  readonly recursive: boolean;
  readonly dryRun: boolean;
}

/** What goes to the trash, and which versions become the latest by that. */
export interface Removal {
  readonly registry: Registry;
  readonly removed: readonly BranchRow[];
  readonly promoted: readonly BranchRow[];
  /** How many of the removed ones lay on main while another branch is the current one. */
  readonly fromMain: number;
  readonly operation: string | undefined;
}

/**
 * Moves records to the trash, with LaminDB's rules for the latest version (COMPAT §5.8). A key goes
 * with all its versions on the branch, so that it is gone; `key@version` or a whole uid goes alone.
 * Bytes and files in the work tree stay. Throws code "not_found", "ambiguous", "usage" or
 * "conflict".
 */
export async function remove(instance: Instance, request: RemoveRequest): Promise<Removal> {
  const registry: Registry = request.registry ?? artifact;
  if (request.dryRun) {
    const plan = await instance.database.read((reader) => planRemoval(instance, reader, request));
    return { ...outcome(registry, plan), operation: undefined };
  }
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const plan = await planRemoval(instance, changes.reader, request);
    await applyRowChanges(changes, registry, plan.changes);
    return { result: outcome(registry, plan), summary: summaryOf(registry, plan.rows) };
  });
  return { ...result, operation };
}

interface Plan {
  readonly rows: readonly BranchRow[];
  readonly changes: readonly RowChange[];
  /** The current branch. */
  readonly branch: number;
}

async function planRemoval(
  instance: Instance,
  reader: Reader,
  request: RemoveRequest,
): Promise<Plan> {
  const { registry, references } = request;
  const branch = await currentBranchId(instance, reader);
  if (registry === undefined) {
    const selected = await selectLive(instance, reader, references, request.recursive);
    const [rows, family] = [asBranchRows(selected.rows), asBranchRows(selected.family)];
    return { rows, changes: toTrash(rows, family), branch };
  }
  const selected = await selectRecords(reader, registry, references, "live", branch);
  const rows = await withMembers(reader, registry, selected.rows);
  const family = hasVersions(registry) ? selected.family : rows;
  return { rows, changes: toTrash(rows, family), branch };
}

function outcome(registry: Registry, { rows, changes, branch }: Plan): Omit<Removal, "operation"> {
  const gone = new Set(rows.map(({ id }) => id));
  const after = changes.map(({ row, values }) => ({ ...row, ...values }));
  return {
    registry,
    removed: after.filter(({ id }) => gone.has(id)),
    promoted: after.filter((row) => !gone.has(row.id) && row.is_latest),
    fromMain: branch === mainBranch
      ? 0
      : rows.filter(({ branch_id }) => branch_id === mainBranch).length,
  };
}

/** Artifacts as records that lie on branches. */
export function asBranchRows(rows: readonly ArtifactRow[]): readonly BranchRow[] {
  return rows as unknown as readonly BranchRow[];
}

/** `3 to the trash`, `raw/a.csv to the trash` */
function summaryOf(registry: Registry, rows: readonly BranchRow[]): string {
  const names = new Set(rows.map((row) => row[registry.nameField ?? "uid"] ?? row.uid));
  const [name] = names;
  const versions = rows.length > 1 ? ` (${rows.length} versions)` : "";
  return names.size === 1
    ? `${name}${versions} to the trash`
    : `${names.size} to the trash${versions}`;
}
