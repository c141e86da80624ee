import type { Reader } from "../../store/database/database.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { type Content, contentsOf } from "../artifact/content.ts";
import { versionsOf } from "../artifact/families.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { type LoggedOperation, operationsById } from "../operation/log.ts";
import { loggedRow } from "../operation/net_change.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { user } from "../registry/lamindb/user.ts";
import type { ArtifactEvent, LogFilter, LoggedRun } from "./entry.ts";
import { type ArtifactChange, changesOf } from "./folder_log.ts";
import { eventOf } from "./name_samples.ts";
import { ownersOf } from "./owners.ts";
import { runsById } from "./run_drafts.ts";

/** One entry of the history of an artifact: a version that came to be, or what happened to one. */
export interface VersionEntry {
  readonly event: ArtifactEvent;
  readonly at: string;
  /** Handle. */
  readonly author: string;
  readonly row: ArtifactRow;
  /** Name of the branch that it happened on. */
  readonly branch: string;
  /** Of a version that came to be; undefined where it was never hashed here. */
  readonly content: Content | undefined;
  readonly operation: LoggedOperation | undefined;
  readonly run: LoggedRun | undefined;
  /** The key before it was renamed. */
  readonly formerKey?: string | null;
  /** Fields that were changed, unless the event says it. */
  readonly fields?: readonly string[];
}

/**
 * The history of artifacts, newest first: every version of their families and of others with the
 * same key, on all branches and in the trash, with the command or run that made it and what
 * happened to it.
 */
export async function versionLog(
  reader: Reader,
  heads: readonly ArtifactRow[],
  filter: LogFilter,
): Promise<VersionEntry[]> {
  const rows = await allVersions(reader, heads);
  const ids = rows.map(({ id }) => id);
  const owners = await ownersOf(reader, artifact.name, ids);
  const changes = await changesOf(reader, ids);
  const operations = await operationsById(reader, [
    ...[...owners.values()].map(({ operation }) => operation),
    ...changes.map(({ operation }) => operation),
  ]);
  const names = await namesOf(reader, rows);
  const contents = await contentsOf(reader, rows);
  const entries = [
    ...rows.map((row) =>
      created(row, operations.get(owners.get(row.id)?.operation ?? -1), contents.get(row.id), names)
    ),
    ...happened(rows, changes, operations, names),
  ];
  return entries.filter((entry) => isWithin(entry, filter)).sort(byTime).slice(0, filter.limit);
}

async function allVersions(reader: Reader, heads: readonly ArtifactRow[]): Promise<ArtifactRow[]> {
  const keys = heads.flatMap(({ key }) => key === null ? [] : [key]);
  const list = reader.dialect.valuesOf(keys);
  const same = await reader.select(artifact, `key IN (${list.sql})`, list.parameters);
  return await versionsOf(reader, [...heads, ...same]);
}

interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly branches: ReadonlyMap<number, string>;
  readonly runs: ReadonlyMap<number, LoggedRun>;
}

async function namesOf(reader: Reader, rows: readonly ArtifactRow[]): Promise<Names> {
  const list = reader.dialect.valuesOf(rows.map((row) => row.created_by_id));
  const users = await reader.select(user, `id IN (${list.sql})`, list.parameters);
  const branches = await reader.select(branch);
  return {
    users: new Map(users.map(({ id, handle }) => [id, handle])),
    branches: new Map(branches.map(({ id, name }) => [id, name])),
    runs: await runsById(reader, rows.flatMap(({ run_id }) => run_id === null ? [] : [run_id])),
  };
}

function created(
  row: ArtifactRow,
  operation: LoggedOperation | undefined,
  content: Content | undefined,
  names: Names,
): VersionEntry {
  return {
    event: row.uid.endsWith("0000") ? "added" : "new version",
    at: row.created_at,
    author: names.users.get(row.created_by_id) ?? "",
    row,
    branch: names.branches.get(row.branch_id === trashBranch ? row.created_on_id : row.branch_id) ??
      "",
    content,
    operation,
    run: row.run_id === null ? undefined : names.runs.get(row.run_id),
  };
}

function happened(
  rows: readonly ArtifactRow[],
  changes: readonly ArtifactChange[],
  operations: ReadonlyMap<number, LoggedOperation>,
  names: Names,
): VersionEntry[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return changes.flatMap((change) => {
    const row = byId.get(change.id);
    const operation = operations.get(change.operation);
    if (row === undefined || operation === undefined || change.after === null) return [];
    const before = loggedRow(change.before ?? "{}") as ArtifactRow;
    const after: Partial<ArtifactRow> = loggedRow(change.after);
    const event = eventOf(before, after);
    const place = event === "trashed" ? before.branch_id : after.branch_id ?? before.branch_id;
    return [{
      event,
      at: operation.created_at,
      author: operation.user,
      row,
      branch: names.branches.get(place) ?? "",
      content: undefined,
      operation,
      run: undefined,
      ...(event === "renamed" ? { formerKey: before.key } : {}),
      ...(event === "changed" ? { fields: Object.keys(after) } : {}),
    }];
  });
}

function isWithin(entry: VersionEntry, { since, until, author }: LogFilter): boolean {
  return (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at <= until) &&
    (author === undefined || entry.author === author);
}

/** Newest first; of one time, the version with the greater uid and what happened to it later. */
function byTime(a: VersionEntry, b: VersionEntry): number {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1;
  const order = (b.operation?.id ?? 0) - (a.operation?.id ?? 0);
  return order !== 0 ? order : a.row.uid > b.row.uid ? -1 : 1;
}
