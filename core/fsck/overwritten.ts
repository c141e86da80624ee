import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";

/**
 * For families of which Python stores only the latest version, all under one name (COMPAT §5.1):
 * the uid of the version that the bytes are of, by what the uids share.
 */
export async function keptVersions(reader: Reader): Promise<ReadonlyMap<string, string>> {
  const rows = reader.iterate<{ uid: string }>(
    "SELECT uid FROM lamindb_artifact WHERE _overwrite_versions",
  );
  const kept = new Map<string, string>();
  for await (const { uid } of rows) {
    const stem = stemUid(uid);
    // Digits of base 62 ascend as characters do.
    if (uid > (kept.get(stem) ?? "")) kept.set(stem, uid);
  }
  return kept;
}

/** Whether the bytes of a version were replaced by those of a newer one, as Python does it. */
export function isOverwritten(row: ArtifactRow, kept: ReadonlyMap<string, string>): boolean {
  const isShared = row._overwrite_versions && row._real_key === null &&
    (row.key === null || row._key_is_virtual);
  return isShared && kept.get(stemUid(row.uid)) !== row.uid;
}
