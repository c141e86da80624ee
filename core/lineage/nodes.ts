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
  const rows = await reader.all<Record<string, string | number | null>>(
    `SELECT run.id, run.uid, run.name, run.entrypoint, run.started_at, run.finished_at,
       run._status_code, run.branch_id, transform.uid AS transform_uid,
       transform.key AS transform_key, transform.kind AS transform_kind,
       transform.version_tag AS transform_version,
       creator.handle AS created_by
     FROM lamindb_run AS run
     LEFT JOIN lamindb_transform AS transform ON transform.id = run.transform_id
     LEFT JOIN lamindb_user AS creator ON creator.id = run.created_by_id
     WHERE run.id IN (${list.sql}) ORDER BY run.id`,
    list.parameters,
  );
  return rows.map((row) => ({
    kind: "run",
    id: Number(row.id),
    uid: String(row.uid),
    name: row.name as string | null,
    entrypoint: row.entrypoint as string | null,
    started_at: row.started_at as string | null,
    finished_at: row.finished_at as string | null,
    status: statusName(run, Number(row._status_code)),
    created_by: row.created_by as string | null,
    branch_id: Number(row.branch_id),
    transform: {
      uid: String(row.transform_uid ?? ""),
      key: row.transform_key as string | null,
      kind: String(row.transform_kind ?? ""),
      version: versionText(row.transform_version, row.transform_uid),
    },
  }));
}

/** Reads a transform that is there. */
export async function transformFacts(reader: Reader, id: number): Promise<TransformFacts> {
  const row = await reader.first<Record<string, string | null>>(
    "SELECT uid, key, kind, version_tag FROM lamindb_transform WHERE id = ?",
    [id],
  );
  return {
    uid: String(row?.uid ?? ""),
    key: row?.key ?? null,
    kind: String(row?.kind ?? ""),
    version: versionText(row?.version_tag, row?.uid),
  };
}

/** A version's tag, else the end of its uid. */
function versionText(tag: unknown, uid: unknown): string {
  return tag ? String(tag) : String(uid ?? "").slice(-4);
}
