import { LaminError } from "../../store/errors.ts";
import { isBase62 } from "../identity/base62.ts";
import { hashString } from "../identity/hash.ts";
import { uidLength } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentUserId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { transform } from "../registry/lamindb/transform.ts";
import { redactSource } from "../run/redact.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { type BranchRow, familyRows } from "../version/family.ts";
import { toBranch } from "../version/heads.ts";
import { insertVersion } from "./insert_version.ts";
import { matchTransform, stemLength } from "./match_transform.ts";
import type { TransformRow, TransformWanted } from "./transform_wanted.ts";

export type { TransformRow, TransformWanted } from "./transform_wanted.ts";

/** Signs that a key may have. */
const keyLengthMax = 1024;

/**
 * The version of a transform that has this source: found, drafted, or a new version (COMPAT §6.1,
 * §6.3). Without a source it is the latest version of the key that has none either. What was
 * removed comes back from the trash. Throws code "usage" for a key or uid that LaminDB does not
 * allow.
 */
export async function ensureTransform(
  instance: Instance,
  changes: Changes,
  wanted: TransformWanted,
): Promise<TransformRow> {
  check(wanted);
  const userId = await currentUserId(instance, changes);
  const { source } = wanted;
  const hash = source === undefined ? null : hashString(await instance.host.hashing(), source);
  const content = { source_code: source === undefined ? null : redactSource(source), hash };
  const match = await matchTransform(changes.reader, wanted, hash, userId);
  if (match.kind === "nothing" || match.kind === "other version") {
    const revises = match.kind === "nothing" ? undefined : match.revises;
    return await insertVersion(instance, changes, wanted, content, { revises, userId });
  }
  await changes.update(transform, [match.row], {
    ...(match.kind === "draft" ? content : {}),
    ...said(wanted),
  });
  if (match.row.branch_id === trashBranch) await bringBack(changes, match.row, wanted.branchId);
  const [row] = await changes.reader.select(transform, "id = ?", [match.row.id]);
  return row!;
}

/** What the user says of the transform, whatever version it is. */
function said({ key, description, reference, referenceType }: TransformWanted) {
  return {
    key,
    ...(description === undefined ? {} : { description }),
    ...(reference === undefined ? {} : { reference }),
    ...(referenceType === undefined ? {} : { reference_type: referenceType }),
  };
}

/** LaminDB allows no second row with the key and hash of one in the trash (COMPAT §5.5.7). */
async function bringBack(changes: Changes, row: TransformRow, branchId: number): Promise<void> {
  const family = await familyRows(changes.reader, transform, [row.uid]);
  const coming = family.filter(({ id }) => id === row.id);
  for (const { row, values } of toBranch(coming, family, branchId)) {
    await changes.update(transform, [row as BranchRow & TransformRow], values);
  }
}

function check({ key, uid }: TransformWanted): void {
  if (key === "" || key.length > keyLengthMax) {
    throw new LaminError("usage", `a transform's name has 1 to ${keyLengthMax} characters`, {
      data: { key },
    });
  }
  if (uid === undefined) return;
  const isUid = isBase62(uid) && [stemLength, uidLength("Transform")].includes(uid.length);
  if (isUid) return;
  throw new LaminError("usage", `'${uid}' is no uid of a transform`, {
    hint: "one has 12 letters and digits for all its versions, or 16 for one of them",
    data: { uid },
  });
}
