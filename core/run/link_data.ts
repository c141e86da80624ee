import type { Reader } from "../../store/database/database.ts";
import type { Changes } from "../operation/changes.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { artifactInputOfRuns, artifactRecreatingRuns } from "../registry/lamindb/artifact_links.ts";

/**
 * Notes what a run read: each artifact once, and none that the run itself made or made again, as in
 * Python (COMPAT §5.9).
 */
export async function linkInputs(
  changes: Changes,
  runId: number,
  artifactIds: readonly number[],
): Promise<void> {
  const ids = [...new Set(artifactIds)];
  if (ids.length === 0) return;
  const passedOver = new Set([
    ...await linked(changes.reader, artifactInputOfRuns.name, runId, ids),
    ...await linked(changes.reader, artifactRecreatingRuns.name, runId, ids),
    ...await madeBy(changes.reader, runId, ids),
  ]);
  const rows = ids.filter((id) => !passedOver.has(id))
    .map((artifact_id) => ({ artifact_id, run_id: runId }));
  await changes.insert(artifactInputOfRuns, rows);
}

/**
 * Notes what a run made: artifacts that no run made become its own, others are "recreated" by it;
 * what it read is none of its outputs (COMPAT §5.5, §5.9). An artifact from which what the run read
 * descends is recreated too, where Python would close a circle.
 */
export async function linkOutputs(
  changes: Changes,
  runId: number,
  artifactIds: readonly number[],
): Promise<void> {
  const wanted = [...new Set(artifactIds)];
  if (wanted.length === 0) return;
  const { reader } = changes;
  const inputs = new Set(await linked(reader, artifactInputOfRuns.name, runId, wanted));
  const ids = wanted.filter((id) => !inputs.has(id));
  const list = reader.dialect.valuesOf(ids);
  const rows = ids.length === 0
    ? []
    : await reader.select(artifact, `id IN (${list.sql}) ORDER BY id`, list.parameters);
  const unclaimed = rows.filter((row) => row.run_id === null);
  const ancestors = new Set(
    await readBefore(reader, runId, unclaimed.map((row) => row.id)),
  );
  await changes.update(
    artifact,
    unclaimed.filter(({ id }) => !ancestors.has(id)),
    { run_id: runId },
  );
  const again = rows.filter((row) =>
    row.run_id === null ? ancestors.has(row.id) : row.run_id !== runId
  ).map((row) => row.id);
  const known = new Set(await linked(reader, artifactRecreatingRuns.name, runId, again));
  await changes.insert(
    artifactRecreatingRuns,
    again.filter((id) => !known.has(id)).map((artifact_id) => ({ artifact_id, run_id: runId })),
  );
}

/** Those of the artifacts that a table links with the run. */
async function linked(
  reader: Reader,
  table: string,
  runId: number,
  ids: readonly number[],
): Promise<number[]> {
  return await idsOf(
    reader,
    `SELECT artifact_id AS id FROM ${table} WHERE run_id = ? AND artifact_id`,
    runId,
    ids,
  );
}

async function madeBy(reader: Reader, runId: number, ids: readonly number[]): Promise<number[]> {
  return await idsOf(reader, "SELECT id FROM lamindb_artifact WHERE run_id = ? AND id", runId, ids);
}

/** Those of the artifacts that runs read which led to the inputs of the run. */
async function readBefore(
  reader: Reader,
  runId: number,
  ids: readonly number[],
): Promise<number[]> {
  const everRead = await idsOf(
    reader,
    "SELECT DISTINCT artifact_id AS id FROM lamindb_artifact_input_of_runs WHERE run_id <> ? AND artifact_id",
    runId,
    ids,
  );
  return await idsOf(
    reader,
    `WITH RECURSIVE before_it (run_id) AS (
       SELECT CAST(? AS bigint) UNION
       SELECT made.run_id FROM before_it
         JOIN lamindb_artifact_input_of_runs AS link ON link.run_id = before_it.run_id
         JOIN lamindb_artifact AS made ON made.id = link.artifact_id
         WHERE made.run_id IS NOT NULL)
     SELECT DISTINCT link.artifact_id AS id FROM before_it
       JOIN lamindb_artifact_input_of_runs AS link ON link.run_id = before_it.run_id
       WHERE link.artifact_id`,
    runId,
    everRead,
  );
}

async function idsOf(
  reader: Reader,
  sqlBeforeIn: string,
  runId: number,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.all<{ id: number }>(
    `${sqlBeforeIn} IN (${list.sql})`,
    [runId, ...list.parameters],
  );
  return rows.map(({ id }) => Number(id));
}
