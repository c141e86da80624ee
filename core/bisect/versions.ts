import { LaminError } from "../../store/errors.ts";
import { versionsOf } from "../artifact/families.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { versionSuffix } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { resolveArtifact } from "../reference/resolve.ts";
import { mainBranch } from "../version/branch_ids.ts";
import { isNewer } from "../version/family.ts";
import type { BisectVersion } from "./state.ts";

/**
 * The versions of what a reference means, oldest first, as the branch and main have them, and one
 * of their rows. Throws code "usage" when there is only one, or as `resolveArtifact` does.
 */
export async function searchedVersions(
  instance: Instance,
  reference: string,
): Promise<{ row: ArtifactRow; versions: BisectVersion[] }> {
  return await instance.database.read(async (reader) => {
    const row = await resolveArtifact(instance, reader, reference);
    const branch = await currentBranchId(instance, reader);
    const rows = (await versionsOf(reader, [row]))
      .filter(({ branch_id }) => branch_id === branch || branch_id === mainBranch)
      .sort((a, b) => isNewer(a, b) ? 1 : -1);
    if (rows.length < 2) {
      throw new LaminError("usage", `${row.key ?? row.uid} has only one version`, {
        hint: "there is nothing to search",
        data: { uid: row.uid, key: row.key },
      });
    }
    const versions = rows.map(({ uid, version_tag }) => ({
      uid,
      version: version_tag || versionSuffix(uid),
    }));
    return { row, versions };
  });
}

/**
 * The place of the version that a word means: its tag, the end of its uid, with `KEY@` before it or
 * not, or its uid. Throws code "not_found".
 */
export function placeOf(
  key: string,
  versions: readonly BisectVersion[],
  word: string,
): number {
  const named = word.startsWith(`${key}@`) ? word.slice(key.length + 1) : word.replace(/^@/, "");
  const place = [
    versions.findIndex(({ uid }) => uid === named),
    versions.findIndex(({ version }) => version === named),
    versions.findIndex(({ uid }) => versionSuffix(uid) === named.padStart(4, "0")),
  ].find((found) => found >= 0);
  if (place !== undefined) return place;
  throw new LaminError("not_found", `${key} has no version '${named}' that is searched`, {
    hint: `versions: ${versions.slice(-10).map(({ version }) => version).join(", ")}`,
    data: { key, version: named },
  });
}
