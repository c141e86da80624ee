import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { recordTitle } from "../operation/record_name.ts";
import { resolveRecord } from "../reference/resolve_record.ts";
import type { Registry } from "../registry/registry.ts";
import {
  type BranchRow,
  branchRows,
  familyRows,
  hasBranches,
  hasVersions,
} from "../version/family.ts";

/** Records of a registry other than artifacts that references name. */
export interface RecordSelection {
  readonly rows: readonly BranchRow[];
  /** All versions of the families that they belong to; empty where the registry has none. */
  readonly family: readonly BranchRow[];
}

/**
 * Records that references name, in use, in the trash, or either; those on `branch` before others of
 * the name. A key means all versions on its branch, `key@version` or a whole uid one. Throws as
 * `resolveRecord`, "conflict" or "not_found" for what is on the other side, "usage" for a registry
 * without trash.
 */
export async function selectRecords(
  reader: Reader,
  registry: Registry,
  references: readonly string[],
  scope: "live" | "trash" | "all",
  branch: number,
): Promise<RecordSelection> {
  if (!hasBranches(registry)) {
    throw new LaminError("usage", `records of ${registry.model} have no trash`, {
      hint: registry.model === "Branch"
        ? "'lamin branch NAME --delete' deletes one that was never used"
        : "this program removes records that lie on branches, such as ulabels and transforms",
    });
  }
  const rows = new Map<number, BranchRow>();
  for (const reference of references) {
    const found = await resolveRecord(reader, registry, reference, branch);
    const row = found as unknown as BranchRow;
    requireScope(registry, row, scope);
    for (const one of await meant(reader, registry, reference, row)) rows.set(one.id, one);
  }
  const family = hasVersions(registry)
    ? await familyRows(reader, registry, [...rows.values()].map(({ uid }) => uid))
    : [];
  return { rows: [...rows.values()], family };
}

function requireScope(
  registry: Registry,
  row: BranchRow,
  scope: "live" | "trash" | "all",
): void {
  const isInTrash = row.branch_id === trashBranch;
  if (scope === "live" && isInTrash) {
    throw new LaminError("conflict", `${recordTitle(registry, row)} is in the trash already`, {
      hint: "'lamin restore' brings it back; --permanent deletes it for good",
      data: { uid: row.uid },
    });
  }
  if (scope === "trash" && !isInTrash) {
    throw new LaminError("not_found", `${recordTitle(registry, row)} is not in the trash`, {
      hint: "if another one of that name is, give its uid",
      data: { uid: row.uid },
    });
  }
}

/** The record, or with it the other versions on its branch where the reference names no version. */
async function meant(
  reader: Reader,
  registry: Registry,
  reference: string,
  row: BranchRow,
): Promise<readonly BranchRow[]> {
  const name = row[registry.nameField ?? "uid"];
  const namesVersion = row.uid === reference || (reference.includes("@") && name !== reference);
  if (!hasVersions(registry) || namesVersion) return [row];
  const versions = await familyRows(reader, registry, [row.uid]);
  return versions.filter(({ branch_id }) => branch_id === row.branch_id);
}

/**
 * The records with the members of those that are types, and the members' members: they go first.
 */
export async function withMembers(
  reader: Reader,
  registry: Registry,
  rows: readonly BranchRow[],
): Promise<BranchRow[]> {
  const all = new Map(rows.map((row) => [row.id, row]));
  let types = rows;
  while ("type_id" in registry.columns && types.length > 0) {
    const list = reader.dialect.valuesOf(types.map(({ id }) => id));
    const members = await branchRows(
      reader,
      registry,
      `type_id IN (${list.sql}) AND branch_id <> ${trashBranch}`,
      list.parameters,
    );
    types = members.filter(({ id }) => !all.has(id));
    for (const member of types) all.set(member.id, member);
  }
  return [...all.values()].reverse();
}
