import type { Reader } from "../../store/database/database.ts";
import { statusName } from "../query/alias.ts";
import { run } from "../registry/lamindb/run.ts";
import type { DataKind } from "./edges.ts";

/** Data in a lineage. */
export interface DataNode {
  readonly kind: DataKind;
  readonly id: number;
  readonly uid: string;
  readonly key: string | null;
  readonly description: string | null;
  readonly version: string;
  readonly is_latest: boolean;
  readonly branch_id: number;
  readonly created_at: string;
}

/** A run in a lineage. */
export interface RunNode {
  readonly kind: "run";
  readonly id: number;
  readonly uid: string;
  readonly name: string | null;
  readonly entrypoint: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly status: string;
  readonly created_by: string | null;
  readonly branch_id: number;
  readonly transform: TransformFacts;
}

/** A version of a transform. */
export interface TransformFacts {
  readonly uid: string;
  readonly key: string | null;
  readonly kind: string;
  readonly version: string;
}

/** All runs of a version of a transform in a lineage. */
export interface TransformNode {
  readonly kind: "transform";
  readonly uid: string;
  readonly key: string | null;
  readonly type: string;
  readonly version: string;
  /** How many runs of it are in the lineage. */
  readonly runs: number;
}

export type Node = DataNode | RunNode | TransformNode;

/** Reads data by their ids. */
export async function dataNodes(
  reader: Reader,
  kind: DataKind,
  ids: readonly number[],
): Promise<DataNode[]> {
  if (ids.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.all<Record<string, string | number | null>>(
    `SELECT id, uid, key, description, version_tag, is_latest, branch_id,
       created_at
     FROM lamindb_${kind} WHERE id IN (${list.sql}) ORDER BY id`,
    list.parameters,
  );
  return rows.map((row) => ({
    kind,
    id: Number(row.id),
    uid: String(row.uid),
    key: row.key as string | null,
    description: row.description as string | null,
    version: versionText(row.version_tag, row.uid),
    is_latest: Boolean(row.is_latest),
    branch_id: Number(row.branch_id),
    created_at: String(row.created_at),
  }));
}

/** Reads runs by their ids, with their transforms. */
export async function runNodes(reader: Reader, ids: readonly number[]): Promise<RunNode[]> {
  if (ids.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  // Transforms and people are read once each: thousands of runs share a few.
  const rows = await reader.all<Record<string, string | number | null>>(
    `SELECT id, uid, name, entrypoint, started_at, finished_at, _status_code, branch_id,
       transform_id, created_by_id
     FROM lamindb_run WHERE id IN (${list.sql}) ORDER BY id`,
    list.parameters,
  );
  const transforms = await transformFacts(reader, rows.map((row) => Number(row.transform_id)));
  const handles = await handlesOf(reader, rows.map((row) => Number(row.created_by_id)));
  const codes = new Set(rows.map((row) => Number(row._status_code)));
  const statuses = new Map([...codes].map((code) => [code, statusName(run, code)]));
  return rows.map((row) => ({
    kind: "run",
    id: Number(row.id),
    uid: String(row.uid),
    name: row.name as string | null,
    entrypoint: row.entrypoint as string | null,
    started_at: row.started_at as string | null,
    finished_at: row.finished_at as string | null,
    status: statuses.get(Number(row._status_code))!,
    created_by: handles.get(Number(row.created_by_id)) ?? null,
    branch_id: Number(row.branch_id),
    transform: transforms.get(Number(row.transform_id)) ?? unknownTransform,
  }));
}

const unknownTransform: TransformFacts = { uid: "", key: null, kind: "", version: "" };

/** Reads transforms by their ids. */
export async function transformFacts(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, TransformFacts>> {
  const list = reader.dialect.valuesOf([...new Set(ids)]);
  const rows = await reader.all<Record<string, string | number | null>>(
    `SELECT id, uid, key, kind, version_tag FROM lamindb_transform WHERE id IN (${list.sql})`,
    list.parameters,
  );
  return new Map(rows.map((row) => [Number(row.id), {
    uid: String(row.uid),
    key: row.key as string | null,
    kind: String(row.kind),
    version: versionText(row.version_tag, row.uid),
  }]));
}

async function handlesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  const list = reader.dialect.valuesOf([...new Set(ids)]);
  const rows = await reader.all<{ id: number; handle: string }>(
    `SELECT id, handle FROM lamindb_user WHERE id IN (${list.sql})`,
    list.parameters,
  );
  return new Map(rows.map(({ id, handle }) => [Number(id), handle]));
}

/** A version's tag, else the end of its uid. */
function versionText(tag: unknown, uid: unknown): string {
  return tag ? String(tag) : String(uid ?? "").slice(-4);
}
