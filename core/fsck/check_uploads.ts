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

/** How long an upload may take that nothing is heard of. */
const restedMs = 24 * 60 * 60 * 1000;

/**
 * What is said of artifacts whose bytes Python may be storing just now: on a server it commits the
 * row first. That is no damage until the row rested for a day.
 */
export function withoutUploadsUnderWay(
  findings: readonly Finding[],
  rows: readonly ArtifactRow[],
  now: Date,
): Finding[] {
  const isYoung = ({ updated_at }: ArtifactRow) =>
    now.getTime() - Date.parse(`${updated_at.replace(" ", "T")}Z`) < restedMs;
  const underWay = new Set(
    rows.filter((row) => isUnfinishedUpload(row) && isYoung(row)).map(({ uid }) => uid),
  );
  return findings.map((finding) => {
    if (!underWay.has(finding.uid!) || !ofUploads.has(finding.kind)) return finding;
    // To put bytes there is Python's business meanwhile.
    const { mend, ...told } = finding;
    const isEnd = mend?.do === "end upload";
    return {
      ...told,
      severity: "note",
      detail: `${finding.detail}; it may be storing it just now`,
      ...(isEnd ? { mend } : {}),
    };
  });
}

const ofUploads: ReadonlySet<Finding["kind"]> = new Set([
  "missing",
  "wrong size",
  "damaged",
  "unfinished upload",
]);

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
