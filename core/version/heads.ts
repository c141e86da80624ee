import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { trashBranch } from "./branch_ids.ts";
import type { Registry } from "../registry/registry.ts";
import { type BranchRow, byStem, familyRows, newest } from "./family.ts";

/** Columns of a record that a move between branches sets. */
export interface RowChange {
  readonly row: BranchRow;
  readonly values: { readonly branch_id?: number; readonly is_latest?: boolean };
}

/**
 * How records go to the trash, with their versions if they have any (COMPAT §5.8): where the head
 * of a family leaves others behind on its branch, the newest of those becomes the head, unless all
 * versions share their bytes. A family that goes as a whole keeps its head, so that it comes back
 * as it was. `family` are all versions of the families that `leaving` belong to.
 */
export function toTrash(
  leaving: readonly BranchRow[],
  family: readonly BranchRow[],
): RowChange[] {
  const changes = new Settings(leaving.map((row) => ({ row, values: { branch_id: trashBranch } })));
  const families = byStem(family);
  const leavingIds = new Set(leaving.map(({ id }) => id));
  for (const [stem, going] of byStem(leaving)) {
    const versions = families.get(stem) ?? going;
    const kept: BranchRow[] = [];
    for (const head of going.filter((row) => row.is_latest)) {
      const next = newest(
        versions.filter((row) => row.branch_id === head.branch_id && !leavingIds.has(row.id)),
      );
      if (next === undefined || head._overwrite_versions) kept.push(head);
      else {
        changes.set(next, { is_latest: true });
        changes.set(head, { is_latest: false });
      }
    }
    const top = newest(kept);
    if (top === undefined) continue;
    const inTrash = versions.filter((row) => row.branch_id === trashBranch && row.is_latest);
    for (const row of [...kept, ...inTrash]) {
      if (row.id !== top.id) changes.set(row, { is_latest: false });
    }
  }
  return changes.all();
}

/**
 * How records come back from the trash to a branch. If they have versions, each family has one head
 * there afterwards. The head that is there stays, unless one that comes back is the newest of all;
 * a family that comes back as a whole has the head that it had.
 */
export function toBranch(
  coming: readonly BranchRow[],
  family: readonly BranchRow[],
  branch: number,
): RowChange[] {
  const changes = new Settings(coming.map((row) => ({ row, values: { branch_id: branch } })));
  const families = byStem(family);
  const comingIds = new Set(coming.map(({ id }) => id));
  for (const [stem, back] of byStem(coming.filter((row) => row.is_latest !== undefined))) {
    const there = (families.get(stem) ?? []).filter((row) =>
      row.branch_id === branch && !comingIds.has(row.id)
    );
    const heads = there.filter((row) => row.is_latest);
    const top = newest([...there, ...back])!;
    const formerHeads = back.filter((row) => row.is_latest);
    const head = heads.length > 0
      ? comingIds.has(top.id) ? top : newest(heads)!
      : formerHeads.length === 1
      ? formerHeads[0]!
      : top;
    for (const row of [...heads, ...back]) {
      const isHead = row.id === head.id;
      if (row.is_latest !== isHead) changes.set(row, { is_latest: isHead });
    }
  }
  return changes.all();
}

/** What is set of each row, in the order in which rows were first named. */
class Settings {
  readonly #byId = new Map<number, RowChange>();

  constructor(first: readonly RowChange[]) {
    for (const { row, values } of first) this.set(row, values);
  }

  set(row: BranchRow, values: RowChange["values"]): void {
    this.#byId.set(row.id, { row, values: { ...this.#byId.get(row.id)?.values, ...values } });
  }

  all(): RowChange[] {
    return [...this.#byId.values()];
  }
}

/**
 * Makes sure that the families of these uids have one head on every branch but the trash (COMPAT
 * §14.13). Throws code "conflict" with the uid of a version that is one too many.
 */
export async function requireOneHead(
  reader: Reader,
  registry: Registry,
  uids: Iterable<string>,
): Promise<void> {
  for (const versions of byStem(await familyRows(reader, registry, uids)).values()) {
    const heads = new Map<number, number>();
    for (const { branch_id, is_latest } of versions) {
      heads.set(branch_id, (heads.get(branch_id) ?? 0) + (is_latest ? 1 : 0));
    }
    heads.delete(trashBranch);
    // The bytes of such a family are those of its latest version: without it there is none.
    const least = versions.some((row) => row._overwrite_versions) ? 0 : 1;
    const fault = [...heads].find(([, count]) => count < least || count > 1);
    if (fault === undefined) continue;
    const row = newest(versions.filter((version) => version.branch_id === fault[0]))!;
    const name = row.key ?? row.uid;
    throw new LaminError("conflict", `${name} would not have one latest version any more`, {
      hint: "other versions of it were added or removed since; 'lamin log' shows them",
      data: { uid: row.uid, key: row.key },
    });
  }
}
