import type { ArtifactRow } from "../artifact/storage_key.ts";
import { artifactFinding, type Finding } from "./finding.ts";

/**
 * Whether Python began to store an artifact's bytes and did not note the end of it (COMPAT §5.6,
 * A).
 */
export function isUnfinishedUpload(row: ArtifactRow): boolean {
  if (row._aux === null || !row._aux.includes('"so"')) return false;
  try {
    return Boolean((JSON.parse(row._aux) as { so?: unknown } | null)?.so);
  } catch {
    return false;
  }
}

/**
 * An upload that is noted as unfinished. It can be ended when its bytes were read and are right.
 */
export function unfinishedUpload(row: ArtifactRow, isSound: boolean): Finding {
  const detail = isSound
    ? "Python did not note that it was stored to its end, but it was"
    : "Python did not note that it was stored to its end";
  const mend = isSound ? { do: "end upload", artifactId: row.id } as const : undefined;
  const about = { severity: "damage", kind: "unfinished upload", detail, mend } as const;
  return artifactFinding(row, null, about);
}
