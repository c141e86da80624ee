import { canonicalTime } from "../../../migrate/canonical_time.ts";
import { Misfit } from "../../../migrate/misfit.ts";
import { stemUid } from "../../../identity/uid.ts";
import { identityOfUid, type RowHash } from "../../rows/row_hash.ts";
import type { RowState, VersionState } from "../../rows/row_source.ts";
import { familyDigest, familyIdentity } from "../../rows/versions.ts";
import { notSpoken } from "../frame.ts";
import { identityIn, type Json, listIn, textIn, wholeIn } from "../json.ts";
import { ChangedMeanwhile } from "./changed.ts";

/**
 * The versions of one family, which are the latest as the state said it. Throws code "failed", or
 * ChangedMeanwhile.
 */
export function versionsIn(
  value: Json | undefined,
  table: string,
  hash: RowHash,
  families: ReadonlyMap<string, RowState>,
): VersionState[] {
  const versions = listIn(value).map((one): VersionState => {
    const [id, uid, branch, isLatest, createdAt] = listIn(one, 5);
    const text = textIn(uid, 64);
    return {
      id: wholeIn(id),
      identity: identityOfUid(text),
      uid: text,
      branch: identityIn(branch),
      isLatest: isLatest === true,
      createdAt: timeIn(createdAt),
    };
  });
  const stems = new Set(versions.map(({ uid }) => stemUid(uid)));
  if (stems.size !== 1) throw notSpoken();
  const [stem] = stems;
  const known = families.get(familyIdentity(hash, table, stem!));
  const isSame = known === undefined
    ? versions.length === 1
    : known.digest === familyDigest(hash, versions);
  if (!isSame) throw new ChangedMeanwhile();
  return versions;
}

function timeIn(value: unknown): string {
  const text = textIn(value, 64);
  try {
    canonicalTime(text);
    return text;
  } catch (error) {
    if (error instanceof Misfit) throw notSpoken();
    throw error;
  }
}
