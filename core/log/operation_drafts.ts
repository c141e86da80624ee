import type { Reader } from "../../store/database/database.ts";
import { operations } from "../operation/log.ts";
import { countMax, type Draft, type LogFilter, namedMax, type Sample } from "./entry.ts";

/** True of changes of artifacts that say more than which version is the latest. */
export function isTelling(name: string): string {
  const text = `CAST(${name}.after AS TEXT)`;
  const headsOnly = [true, false].flatMap((
    is,
  ) => [`'{"is_latest":${is}}'`, `'{"is_latest": ${is}}'`]);
  return `(${name}.after IS NULL OR ${text} NOT IN (${headsOnly.join(", ")}))`;
}

/** Entries of operations, newest first, with the first artifacts that each changed. */
export async function operationDrafts(reader: Reader, filter: LogFilter): Promise<Draft[]> {
  const { since, until, author: user, limit } = filter;
  const found = await operations(reader, { since, until, user, limit });
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const samples = await samplesOf(reader, ids);
  const counts = await countsOf(reader, ids);
  return found.map((operation) => ({
    source: { kind: "operation", operation },
    at: operation.created_at,
    author: operation.user,
    samples: samples.get(operation.id) ?? [],
    count: counts.get(operation.id) ?? 0,
  }));
}

async function samplesOf(
  reader: Reader,
  operationIds: readonly number[],
): Promise<Map<number, Sample[]>> {
  const { dialect } = reader;
  const list = dialect.valuesOf(operationIds);
  const telling = `SELECT one.id FROM lamin_change AS one WHERE one.operation_id = list.value
    AND one.table_name = 'lamindb_artifact' AND ${isTelling("one")}
    ORDER BY one.id LIMIT ${namedMax}`;
  const rows = await reader.all<{
    operation: number;
    first: number;
    last: number;
    before: string | null;
    after: string | null;
  }>(
    `SELECT change.operation_id AS operation, change.first_id AS "first", change.last_id AS "last",
       CAST(change.before AS TEXT) AS before, CAST(change.after AS TEXT) AS after
     FROM (${list.sql}) AS list
     JOIN lamin_change AS change ON change.id ${dialect.among(telling)}
     ORDER BY change.id`,
    list.parameters,
  );
  const samples = new Map<number, Sample[]>();
  for (const { operation, first, last, before, after } of rows) {
    const known = samples.get(operation) ?? [];
    samples.set(operation, known);
    for (let id = first; id <= last && known.length < namedMax; id++) {
      known.push({ id, before, after });
    }
  }
  return samples;
}

async function countsOf(
  reader: Reader,
  operationIds: readonly number[],
): Promise<Map<number, number>> {
  const list = reader.dialect.valuesOf(operationIds);
  const rows = await reader.all<{ operation: number; count: number | null }>(
    `SELECT list.value AS operation, (
       SELECT SUM(few.rows) FROM (
         SELECT one.last_id - one.first_id + 1 AS rows FROM lamin_change AS one
         WHERE one.operation_id = list.value AND one.table_name = 'lamindb_artifact'
           AND ${isTelling("one")} LIMIT ${countMax}) AS few
     ) AS count FROM (${list.sql}) AS list`,
    list.parameters,
  );
  return new Map(rows.map(({ operation, count }) => [operation, Number(count ?? 0)]));
}
