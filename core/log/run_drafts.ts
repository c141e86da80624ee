import type { Reader } from "../../store/database/database.ts";
import { countMax, type Draft, type LogFilter, type LoggedRun, namedMax } from "./entry.ts";
import { ownersOf } from "./owners.ts";
import { madeWithin, visible } from "./visible.ts";

/** How many runs are looked at at once. */
const batchSize = 100;

interface RunRow {
  readonly id: number;
  readonly uid: string;
  readonly name: string | null;
  readonly started_at: string;
  readonly created_at: string;
  readonly author: string;
  readonly transform_uid: string;
  readonly transform_key: string;
  readonly transform_version: string | null;
}

const runColumns = `run.id, run.uid, run.name, run.started_at, run.created_at,
  person.handle AS author, transform.uid AS transform_uid, transform.key AS transform_key,
  transform.version_tag AS transform_version`;

const runSource = `lamindb_run AS run
  JOIN lamindb_transform AS transform ON transform.id = run.transform_id
  JOIN lamindb_user AS person ON person.id = run.created_by_id`;

function loggedRun(row: RunRow): LoggedRun {
  const { transform_uid, transform_key, transform_version, ...run } = row;
  return {
    ...run,
    transform: { uid: transform_uid, key: transform_key, version_tag: transform_version },
  };
}

/** Runs with these ids, by id. */
export async function runsById(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, LoggedRun>> {
  const list = reader.dialect.valuesOf([...new Set(ids)]);
  const rows = await reader.all<RunRow>(
    `SELECT ${runColumns} FROM ${runSource} WHERE run.id IN (${list.sql})`,
    list.parameters,
  );
  return new Map(rows.map((row) => [row.id, loggedRun(row)]));
}

/** Entries of runs that Python recorded and that made artifacts, newest first. */
export async function runDrafts(reader: Reader, filter: LogFilter): Promise<Draft[]> {
  const runs: LoggedRun[] = [];
  let last: RunRow | undefined;
  while (runs.length < filter.limit) {
    const rows: RunRow[] = await runsBefore(reader, filter, last);
    const owners = await ownersOf(reader, "lamindb_run", rows.map(({ id }) => id));
    runs.push(...rows.filter(({ id }) => !owners.has(id)).map(loggedRun));
    if (rows.length < batchSize) break;
    last = rows.at(-1);
  }
  return await withOutputs(reader, filter, runs.slice(0, filter.limit));
}

async function runsBefore(
  reader: Reader,
  filter: LogFilter,
  last: RunRow | undefined,
): Promise<RunRow[]> {
  const output = visible("output", filter);
  const made = madeWithin("run", filter);
  const after = last === undefined
    ? "TRUE"
    : "(run.created_at < ? OR (run.created_at = ? AND run.id < ?))";
  const position = last === undefined ? [] : [last.created_at, last.created_at, last.id];
  return await reader.all<RunRow>(
    `SELECT ${runColumns} FROM ${runSource}
     WHERE ${made.sql} AND ${after} AND EXISTS
       (SELECT 1 FROM lamindb_artifact AS output WHERE output.run_id = run.id AND ${output.sql})
     ORDER BY run.created_at DESC, run.id DESC LIMIT ${batchSize}`,
    [...made.parameters, ...position, ...output.parameters],
  );
}

async function withOutputs(
  reader: Reader,
  filter: LogFilter,
  runs: readonly LoggedRun[],
): Promise<Draft[]> {
  if (runs.length === 0) return [];
  const list = reader.dialect.valuesOf(runs.map(({ id }) => id));
  const { sql, parameters } = visible("output", filter);
  const first = `SELECT output.id FROM lamindb_artifact AS output
    WHERE output.run_id = list.value AND ${sql} ORDER BY output.id LIMIT ${namedMax}`;
  const outputs = await reader.all<{ run: number; id: number }>(
    `SELECT list.value AS run, artifact.id AS id FROM (${list.sql}) AS list
     JOIN lamindb_artifact AS artifact ON artifact.id ${reader.dialect.among(first)}
     ORDER BY artifact.id`,
    [...list.parameters, ...parameters],
  );
  const counts = await reader.all<{ run: number; count: number }>(
    `SELECT list.value AS run, (SELECT COUNT(*) FROM (
       SELECT 1 AS one FROM lamindb_artifact AS output
       WHERE output.run_id = list.value AND ${sql} LIMIT ${countMax}) AS few) AS count
     FROM (${list.sql}) AS list`,
    [...parameters, ...list.parameters],
  );
  const ofRun = Map.groupBy(outputs, ({ run }) => run);
  const countOf = new Map(counts.map(({ run, count }) => [run, Number(count)]));
  return runs.map((run) => ({
    source: { kind: "run", run },
    at: run.created_at,
    author: run.author,
    samples: (ofRun.get(run.id) ?? []).map(({ id }) => ({ id, before: null, after: null })),
    count: countOf.get(run.id) ?? 0,
  }));
}
