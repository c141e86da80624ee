import type { Reader } from "../../store/database/database.ts";
import { transform } from "../registry/lamindb/transform.ts";
import { mainBranch, trashBranch } from "../version/branch_ids.ts";
import { newest } from "../version/family.ts";
import type { TransformRow, TransformWanted } from "./transform_wanted.ts";

/** What there is of the code that is wanted. */
export type Match =
  /** A version with this source; or one to which this source is still to be written. */
  | { readonly kind: "found" | "draft"; readonly row: TransformRow }
  /** Only other versions of it: the one that this source revises. */
  | { readonly kind: "other version"; readonly revises: TransformRow }
  | { readonly kind: "nothing" };

/**
 * Looks for a version of the code as Python's `track()` does (COMPAT §6.3): by the uid that the
 * code names, by the hash of its source, by its key. `hash` is that of the source, null if there is
 * none.
 */
export async function matchTransform(
  reader: Reader,
  wanted: TransformWanted,
  hash: string | null,
  userId: number,
): Promise<Match> {
  const twins = hash === null ? [] : await reader.select(transform, "hash = ?", [hash]);
  // LaminDB has no two rows with the same key and hash, so that uids do not matter.
  const same = twins.find(({ key }) => key === wanted.key);
  if (same !== undefined) return { kind: "found", row: same };
  const candidate = wanted.uid === undefined
    ? renamed(wanted, twins) ?? await ofKey(reader, wanted)
    : await ofUid(reader, wanted, wanted.uid);
  if (candidate === undefined) return { kind: "nothing" };
  if (hash !== null && candidate.hash === hash) return { kind: "found", row: candidate };
  const isDraft = candidate.source_code === null && candidate.hash === null;
  if (isDraft && hash === null) return { kind: "found", row: candidate };
  if (isDraft && candidate.created_by_id === userId) return { kind: "draft", row: candidate };
  return { kind: "other version", revises: candidate };
}

/** The latest version of this source under a key whose file is gone. */
function renamed(
  { isGone = () => false }: TransformWanted,
  twins: readonly TransformRow[],
): TransformRow | undefined {
  return newest(
    twins.filter((row) => row.is_latest && row.branch_id !== trashBranch && isGone(row.key)),
  );
}

/** The latest version of this key: on the branch if there is one, else as seen from there. */
async function ofKey(reader: Reader, { key, branchId }: TransformWanted) {
  const rows = await reader.select(
    transform,
    "key = ? AND is_latest AND branch_id IN (?, ?)",
    [key, branchId, mainBranch],
  );
  return newest(rows.filter((row) => row.branch_id === branchId)) ?? newest(rows);
}

/** The version with this uid, or the newest of the family. */
async function ofUid(reader: Reader, { branchId }: TransformWanted, uid: string) {
  const starts = reader.dialect.startsWith("uid", uid.slice(0, stemLength));
  const rows = await reader.select(transform, starts.sql, starts.parameters);
  const exact = rows.find((row) => row.uid === uid);
  const visible = rows.filter((row) => row.branch_id === branchId || row.branch_id === mainBranch);
  return exact ?? newest(visible) ?? newest(rows);
}

/** Characters that the versions of a transform share. */
export const stemLength = 12;
