import type { Reader } from "../../store/database/database.ts";
import { operationsById } from "../operation/log.ts";
import {
  type Draft,
  type LogEntry,
  type LogFilter,
  namedMax,
  newestFirst,
  type Sample,
} from "./entry.ts";
import { nameSamples } from "./name_samples.ts";
import { isTelling } from "./operation_drafts.ts";
import { type Owner, ownersOf } from "./owners.ts";
import { runsById } from "./run_drafts.ts";
import { visible } from "./visible.ts";

interface Row {
  readonly id: number;
  readonly created_at: string;
  readonly run_id: number | null;
  readonly author: string;
}

/**
 * The history of all artifacts whose keys start with `prefix`, newest first, as {@link wholeLog}
 * has it; entries name and count only those artifacts.
 */
export async function folderLog(
  reader: Reader,
  prefix: string,
  filter: LogFilter,
): Promise<LogEntry[]> {
  const rows = await rowsBelow(reader, prefix, filter);
  const owners = await ownersOf(reader, "lamindb_artifact", rows.map(({ id }) => id));
  const drafts = [
    ...await ourDrafts(reader, rows, owners),
    ...await pythonDraftsOf(reader, rows.filter(({ id }) => !owners.has(id))),
  ].filter((draft) => isWithin(draft, filter));
  return await nameSamples(reader, newestFirst(drafts).slice(0, filter.limit));
}

async function rowsBelow(reader: Reader, prefix: string, filter: LogFilter): Promise<Row[]> {
  const below = reader.dialect.startsWith("artifact.key", prefix);
  const shown = visible("artifact", filter);
  return await reader.all<Row>(
    `SELECT artifact.id, artifact.created_at, artifact.run_id, person.handle AS author
     FROM lamindb_artifact AS artifact JOIN lamindb_user AS person
       ON person.id = artifact.created_by_id
     WHERE ${below.sql} AND ${shown.sql} ORDER BY artifact.id`,
    [...below.parameters, ...shown.parameters],
  );
}

/** Operations that inserted or changed the artifacts. */
async function ourDrafts(
  reader: Reader,
  rows: readonly Row[],
  owners: ReadonlyMap<number, Owner>,
): Promise<Draft[]> {
  const samples = new Map<number, Sample[]>();
  const add = (operation: number, sample: Sample) => {
    const known = samples.get(operation);
    if (known === undefined) samples.set(operation, [sample]);
    else known.push(sample);
  };
  for (const [id, { operation }] of owners) add(operation, { id, before: null, after: null });
  for (const { operation, ...sample } of await changesOf(reader, rows.map(({ id }) => id))) {
    add(operation, sample);
  }
  for (const { operation, id } of await broughtBack(reader, rows)) {
    add(operation, { id, before: null, after: null });
  }
  const operations = await operationsById(reader, samples.keys());
  return [...operations.values()].map((operation) => ({
    source: { kind: "operation", operation },
    at: operation.created_at,
    author: operation.user,
    samples: samples.get(operation.id)!.slice(0, namedMax),
    count: samples.get(operation.id)!.length,
  }));
}

/**
 * Artifacts that an undo inserted again, and the operation that it was. There are few undos, so
 * SQLite is made to start with them.
 */
async function broughtBack(
  reader: Reader,
  rows: readonly Row[],
): Promise<{ operation: number; id: number }[]> {
  if (!(await reader.hasTable("lamin_change"))) return [];
  const ranges = await reader.all<{ operation: number; first: number; last: number }>(
    `SELECT change.operation_id AS operation, change.first_id AS "first", change.last_id AS "last"
     FROM lamin_operation AS operation CROSS JOIN lamin_change AS change
     WHERE operation.undoes_id > 0 AND change.operation_id = operation.id
       AND CAST(change.table_name AS TEXT) = 'lamindb_artifact' AND change.before IS NULL`,
  );
  return ranges.flatMap(({ operation, first, last }) =>
    rows.filter(({ id }) => id >= first && id <= last).map(({ id }) => ({ operation, id }))
  );
}

/** A change of an artifact, and the operation that made it. */
export interface ArtifactChange extends Sample {
  readonly operation: number;
}

/** Changes of artifacts after they were inserted that say more than which version is the latest. */
export async function changesOf(
  reader: Reader,
  ids: readonly number[],
): Promise<ArtifactChange[]> {
  if (!(await reader.hasTable("lamin_change"))) return [];
  const list = reader.dialect.valuesOf(ids);
  return await reader.all<ArtifactChange>(
    `SELECT change.operation_id AS operation, change.first_id AS id,
       CAST(change.before AS TEXT) AS before, CAST(change.after AS TEXT) AS after
     FROM lamin_change AS change WHERE change.table_name = 'lamindb_artifact'
       AND change.first_id IN (${list.sql}) AND change.before IS NOT NULL
       AND ${isTelling("change")} ORDER BY change.id`,
    list.parameters,
  );
}

/** What Python wrote, by run, or by second where there is none. */
async function pythonDraftsOf(reader: Reader, rows: readonly Row[]): Promise<Draft[]> {
  const groups = Map.groupBy(
    rows,
    ({ run_id, created_at, author }) =>
      run_id === null ? `${created_at.slice(0, 19)} ${author}` : String(run_id),
  );
  const runIds = rows.flatMap(({ run_id }) => run_id === null ? [] : [run_id]);
  const runs = await runsById(reader, runIds);
  return [...groups.values()].map((group) => {
    const last = group.at(-1)!;
    const run = last.run_id === null ? undefined : runs.get(last.run_id);
    return {
      source: run === undefined ? { kind: "python" } : { kind: "run", run },
      at: run?.created_at ?? last.created_at,
      author: run?.author ?? last.author,
      samples: group.slice(0, namedMax).map(({ id }) => ({ id, before: null, after: null })),
      count: group.length,
    };
  });
}

function isWithin({ at, author: by }: Draft, { since, until, author }: LogFilter): boolean {
  return (since === undefined || at >= since) && (until === undefined || at <= until) &&
    (author === undefined || by === author);
}
