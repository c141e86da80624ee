import type { Reader } from "../../store/database/database.ts";
import { type Draft, type LogFilter, namedMax, type Sample } from "./entry.ts";
import { ownedSince, ownersOf } from "./owners.ts";
import { visible } from "./visible.ts";

/** How many artifacts are looked at at once: few at first, more with every round. */
const batchMin = 200;
const batchMax = 10_000;

interface Row {
  readonly id: number;
  readonly created_at: string;
  readonly author: string;
}

/**
 * Entries of artifacts that Python wrote without a run, those of one second and one author
 * together, newest first. Goes backwards by id, which for such artifacts is the order of time, and
 * leaps over what operations inserted; so it takes as long as what it finds, however many artifacts
 * there are.
 */
export async function pythonDrafts(reader: Reader, filter: LogFilter): Promise<Draft[]> {
  const groups: Group[] = [];
  let size = batchMin;
  const { first, last } = await idsWithin(reader, filter);
  for (let before = last + 1; before > first; size = Math.min(size * 2, batchMax)) {
    const rows = await rowsBefore(reader, filter, before, size);
    const owners = await ownersOf(reader, "lamindb_artifact", rows.map(({ id }) => id));
    for (const row of rows) {
      if (owners.has(row.id) || !isWithin(row, filter)) continue;
      const group = groups.at(-1);
      if (group?.takes(row)) group.add(row);
      else groups.push(new Group(row));
    }
    const last = rows.at(-1);
    const isOld = filter.since !== undefined &&
      rows.every(({ created_at }) => created_at < filter.since!);
    if (last === undefined || isOld || groups.length > filter.limit) break;
    const owner = owners.get(last.id);
    before = owner === undefined ? last.id : await ownedSince(reader, "lamindb_artifact", owner);
  }
  return groups.slice(0, filter.limit);
}

class Group implements Draft {
  readonly source = { kind: "python" } as const;
  readonly at: string;
  readonly author: string;
  samples: readonly Sample[] = [];
  count = 0;

  constructor(first: Row) {
    this.at = first.created_at;
    this.author = first.author;
    this.add(first);
  }

  takes({ created_at, author }: Row): boolean {
    const second = "YYYY-MM-DD HH:MM:SS".length;
    return author === this.author && created_at.slice(0, second) === this.at.slice(0, second);
  }

  /** Rows come newest first, and are named oldest first. */
  add({ id }: Row): void {
    this.samples = [{ id, before: null, after: null }, ...this.samples].slice(0, namedMax);
    this.count++;
  }
}

/** The least and the greatest id among which the rows lie that were made within the times. */
async function idsWithin(
  reader: Reader,
  { since, until }: LogFilter,
): Promise<{ first: number; last: number }> {
  // Answered by the index on times alone: without the sign SQLite would look through all ids.
  const edge = async (sql: string, time: string | undefined, otherwise: number) => {
    if (time === undefined) return otherwise;
    return (await reader.first<{ id: number | null }>(sql, [time]))?.id ?? undefined;
  };
  const table = "lamindb_artifact";
  const first = await edge(`SELECT MIN(+id) AS id FROM ${table} WHERE created_at >= ?`, since, 0);
  const last = await edge(
    `SELECT MAX(+id) AS id FROM ${table} WHERE created_at <= ?`,
    until,
    Number.MAX_SAFE_INTEGER - 1,
  );
  return first === undefined || last === undefined ? { first: 0, last: -1 } : { first, last };
}

async function rowsBefore(
  reader: Reader,
  filter: LogFilter,
  before: number,
  limit: number,
): Promise<Row[]> {
  const shown = visible("artifact", filter);
  return await reader.all<Row>(
    `SELECT artifact.id, artifact.created_at, person.handle AS author
     FROM lamindb_artifact AS artifact JOIN lamindb_user AS person
       ON person.id = artifact.created_by_id
     WHERE artifact.run_id IS NULL AND artifact.id < ? AND ${shown.sql}
     ORDER BY artifact.id DESC LIMIT ${limit}`,
    [before, ...shown.parameters],
  );
}

function isWithin(row: Row, { since, until, author }: LogFilter): boolean {
  return (since === undefined || row.created_at >= since) &&
    (until === undefined || row.created_at <= until) &&
    (author === undefined || row.author === author);
}
