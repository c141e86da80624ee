import { timestamp } from "../../store/database/values.ts";
import { firstVersionSuffix, newUid, nextVersionUid } from "../identity/uid.ts";
import { everybodysSpace } from "../instance/everybodys_space.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { transform } from "../registry/lamindb/transform.ts";
import { deletedUids } from "../version/deleted_uids.ts";
import { familyRows } from "../version/family.ts";
import { stemLength } from "./match_transform.ts";
import type { TransformRow, TransformWanted } from "./transform_wanted.ts";

/**
 * Writes a version that is the latest of its family on its branch (COMPAT §5.5.6). `revises` is
 * the version before it; `userId` who makes it.
 */
export async function insertVersion(
  instance: Instance,
  changes: Changes,
  wanted: TransformWanted,
  content: { readonly source_code: string | null; readonly hash: string | null },
  { revises, userId }: { revises: TransformRow | undefined; userId: number },
): Promise<TransformRow> {
  const { reader } = changes;
  const family = await familyRows(reader, transform, revises === undefined ? [] : [revises.uid]);
  const heads = family.filter((row) => row.is_latest && row.branch_id === wanted.branchId);
  await changes.update(transform, heads as unknown as TransformRow[], { is_latest: false });
  const now = timestamp(instance.host.now());
  const [id] = await changes.insert(transform, [{
    uid: family.length === 0
      ? firstUid(instance, wanted)
      : await nextUid(changes, family, wanted.uid),
    key: wanted.key,
    description: wanted.description ?? revises?.description ?? null,
    kind: wanted.kind,
    ...content,
    reference: wanted.reference ?? null,
    reference_type: wanted.referenceType ?? null,
    environment_id: null,
    plan_id: null,
    version_tag: null,
    is_latest: true,
    created_at: now,
    created_by_id: userId,
    run_id: null,
    updated_at: now,
    branch_id: wanted.branchId,
    created_on_id: wanted.branchId,
    space_id: everybodysSpace,
    is_locked: false,
    _aux: null,
  }]);
  const [row] = await reader.select(transform, "id = ?", [id!]);
  return row!;
}

function firstUid({ host }: Instance, { uid }: TransformWanted): string {
  if (uid === undefined) return newUid(host, "Transform");
  return uid.length === stemLength ? uid + firstVersionSuffix : uid;
}

/** The next number of the family, or the one that the code names if it is free. */
async function nextUid(
  { reader }: Changes,
  family: readonly { readonly id: number; readonly uid: string }[],
  wanted: string | undefined,
): Promise<string> {
  const given = [
    ...family.map(({ uid }) => uid),
    ...await deletedUids(reader, transform, family),
  ];
  const isFree = wanted !== undefined && wanted.length > stemLength && !given.includes(wanted);
  return isFree ? wanted : nextVersionUid(given);
}
