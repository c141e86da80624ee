import type { Reader } from "../../store/database/database.ts";
import { trashBranch } from "../version/branch_ids.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { firstVersionSuffix, versionSuffix } from "../identity/uid.ts";
import { loggedRow } from "../operation/net_change.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { ArtifactEvent, Draft, LogEntry, NamedArtifact, Sample } from "./entry.ts";

/** Loads the artifacts that entries name, in one query. What was deleted since is left out. */
export async function nameSamples(reader: Reader, drafts: readonly Draft[]): Promise<LogEntry[]> {
  const ids = new Set(drafts.flatMap(({ samples }) => samples.map(({ id }) => id)));
  const list = reader.dialect.valuesOf([...ids]);
  const rows = await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return drafts.map(({ samples, ...entry }) => ({
    ...entry,
    artifacts: samples.flatMap((sample) => namedArtifact(sample, byId.get(sample.id)) ?? []),
  }));
}

/** What happened to an artifact; undefined when nothing is left to call it by. */
function namedArtifact(sample: Sample, row: ArtifactRow | undefined): NamedArtifact | undefined {
  if (sample.before === null) return row && { event: eventOfNew(row), row };
  const before = loggedRow(sample.before) as ArtifactRow;
  const after: Partial<ArtifactRow> = sample.after === null ? {} : loggedRow(sample.after);
  const changed = { ...before, ...after };
  if (sample.after === null) return { event: "deleted", row: before };
  const event = eventOf(before, after);
  return { event, row: changed, ...(event === "renamed" ? { formerKey: before.key } : {}) };
}

function eventOfNew({ uid }: ArtifactRow): ArtifactEvent {
  return versionSuffix(uid) === firstVersionSuffix ? "added" : "new version";
}

/** What a change of columns means. */
export function eventOf(
  before: Readonly<Partial<ArtifactRow>>,
  after: Readonly<Partial<ArtifactRow>>,
): ArtifactEvent {
  if (after.branch_id === trashBranch) return "trashed";
  if (before.branch_id === trashBranch && after.branch_id !== undefined) return "restored";
  return after.key !== undefined && after.key !== before.key ? "renamed" : "changed";
}
