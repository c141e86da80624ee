import { archiveBranch, mainBranch, trashBranch } from "../../version/branch_ids.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Content } from "../content.ts";
import type { ArtifactRow } from "../storage_key.ts";
import { stemUid } from "../../identity/uid.ts";

/** What adding some content under a key comes to. */
export type Decision =
  /** The key has this content already. */
  | { readonly kind: "unchanged"; readonly row: ArtifactRow }
  /** An older version has it and becomes the latest again. */
  | { readonly kind: "returned"; readonly row: ArtifactRow; readonly head: ArtifactRow | undefined }
  /** A version in the trash has it and comes back. */
  | { readonly kind: "restored"; readonly row: ArtifactRow; readonly head: ArtifactRow | undefined }
  /** The key has other content: this is the next version of `family`. */
  | {
    readonly kind: "new version";
    readonly revises: ArtifactRow;
    readonly head: ArtifactRow | undefined;
  }
  /** The key is new. */
  | { readonly kind: "added" };

/** What is known of the rows that share the key (or, without a key, the hash). */
export interface Family {
  /**
   * All rows with the key in the storage, of every branch, and all versions of the one to revise.
   */
  readonly rows: readonly ArtifactRow[];
  readonly contents: ReadonlyMap<number, Content>;
  /** The artifact that the user wants to make a new version of. */
  readonly revises?: ArtifactRow;
}

/**
 * Decides by LaminDB's rules (COMPAT §5.5) what happens to content under a key on a branch. Unlike
 * LaminDB, content is the same only if its SHA-256 is, never because a hash of parts of it agrees.
 * Throws code "conflict" where the trash leaves it no hash.
 */
export function decide(family: Family, sha256: string, branch: number): Decision {
  if (family.rows.length === 0 && family.revises === undefined) return { kind: "added" };
  const live = family.rows.filter((row) => row.branch_id !== trashBranch);
  const revises = family.revises ?? headToRevise(live, branch);
  const head = revises && headOnBranch(family.rows, revises, branch);
  const same = family.rows.filter((row) => family.contents.get(row.id)?.sha256 === sha256);
  const known = same.filter((row) => counts(row, revises, branch));
  const sameLive = newest(known.filter((row) => row.is_latest)) ?? newest(known);
  if (sameLive !== undefined) {
    const isHead = sameLive.is_latest || sameLive.branch_id !== branch;
    if (isHead) return { kind: "unchanged", row: sameLive };
    return { kind: "returned", row: sameLive, head: headOnBranch(family.rows, sameLive, branch) };
  }
  const trashed = same.filter((row) => row.branch_id === trashBranch);
  // A key has one family in use: what another one has in the trash stays there.
  const inTrash = newest(
    trashed.filter((row) => revises === undefined || stemUid(row.uid) === stemUid(revises.uid)),
  );
  if (inTrash !== undefined) {
    return { kind: "restored", row: inTrash, head: headOnBranch(family.rows, inTrash, branch) };
  }
  if (revises === undefined) return { kind: "added" };
  requireFreeHash(trashed);
  return { kind: "new version", revises, head };
}

/**
 * Whether a row that has the content means that the branch has it: one that lies there or in the
 * archive, and the latest version on main where the branch has none of its own. Any other one is
 * not to be seen there, and what was added would go on being modified or new for `status`.
 */
function counts(row: ArtifactRow, revises: ArtifactRow | undefined, branch: number): boolean {
  if (row.branch_id === branch || row.branch_id === archiveBranch) return true;
  return row.branch_id === mainBranch && row.id === revises?.id;
}

/**
 * Content that the trash has under the same key gets the stand-in for its hash, since no two rows
 * may have key and hash in common. Throws code "conflict" when another one in the trash has that as
 * well.
 */
function requireFreeHash(inTrash: readonly ArtifactRow[]): void {
  if (new Set(inTrash.map(({ hash }) => hash)).size < 2) return;
  const uids = inTrash.map(({ uid }) => uid);
  throw new LaminError(
    "conflict",
    `the trash has the same content of ${inTrash[0]!.key} twice (${uids.join(", ")})`,
    { hint: "restore one of them, or delete one with 'lamin rm --permanent'", data: { uids } },
  );
}

/** The version that other content of the same key makes a new version of. */
function headToRevise(live: readonly ArtifactRow[], branch: number): ArtifactRow | undefined {
  const heads = live.filter((row) => row.is_latest);
  return newest(heads.filter((row) => row.branch_id === branch)) ??
    newest(heads.filter((row) => row.branch_id === mainBranch)) ?? newest(heads) ?? newest(live);
}

/** The latest version on a branch of the family that a row belongs to. */
function headOnBranch(
  rows: readonly ArtifactRow[],
  member: ArtifactRow,
  branch: number,
): ArtifactRow | undefined {
  const stem = stemUid(member.uid);
  return rows.find((row) => row.is_latest && row.branch_id === branch && stemUid(row.uid) === stem);
}

function newest(rows: readonly ArtifactRow[]): ArtifactRow | undefined {
  return rows.reduce<ArtifactRow | undefined>(
    (best, row) => best === undefined || isNewer(row, best) ? row : best,
    undefined,
  );
}

function isNewer(a: ArtifactRow, b: ArtifactRow): boolean {
  return a.created_at === b.created_at ? a.id > b.id : a.created_at > b.created_at;
}
