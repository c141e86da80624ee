import type { Reader } from "../../store/database/database.ts";
import { isAbsolute, join, relativeTo } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";

/** The latest version of an artifact, as far as the comparison with the work tree needs it. */
export interface TrackedArtifact {
  readonly id: number;
  readonly uid: string;
  readonly key: string;
  readonly size: number | null;
  /** LaminDB's hash and its type. */
  readonly hash: string | null;
  readonly hashType: string | null;
  /** Number of files of a folder, null for a file. */
  readonly fileCount: number | null;
  /** Of the content; null when only Python wrote it and nothing of ours has hashed it yet. */
  readonly sha256: string | null;
  /** Where it belongs in the work tree: its key, or where it was registered in place. */
  readonly path: string;
  /** Absolute path of bytes that were registered in place; undefined for objects. */
  readonly bytesPath: string | undefined;
  readonly branch: number;
  /** Whether its bytes are the object that is named after the content. */
  readonly isObject: boolean;
  /** Whether its bytes are read in a storage that this instance does not manage. */
  readonly isElsewhere: boolean;
}

interface TrackedRow
  extends Omit<TrackedArtifact, "path" | "bytesPath" | "isObject" | "isElsewhere"> {
  readonly isObject: number | boolean;
  readonly createdAt: string;
  readonly storage: number;
  /** Storage key of bytes that lie among the files of users. */
  readonly place: string | null;
}

/**
 * The latest version under every key, by path in the work tree: of the branch, else of main. What
 * LaminDB keeps for itself and artifacts without key are not among them. Two queries, few columns.
 * With `ids`, only these, which must be latest versions that an earlier call gave.
 */
export async function trackedArtifacts(
  instance: Instance,
  reader: Reader,
  branch: number,
  ids?: readonly number[],
): Promise<Map<string, TrackedArtifact>> {
  if (ids?.length === 0) return new Map();
  const wanted = ids && reader.dialect.valuesOf(ids);
  const rows = await reader.all<TrackedRow>(
    queryOf(await reader.hasTable("lamin_content")) +
      (wanted === undefined ? "" : ` AND a.id IN (${wanted.sql})`),
    [branch, ...wanted?.parameters ?? []],
  );
  const heads = new Map<string, TrackedRow>();
  for (const row of rows) {
    const other = heads.get(row.key);
    if (other === undefined || isAhead(row, other, branch)) heads.set(row.key, row);
  }
  const managed = new Set(instance.managedStorageIds);
  const tracked = new Map<string, TrackedArtifact>();
  for (const row of heads.values()) {
    const artifact = trackedArtifact(instance, managed, row);
    // A file may be registered in place under several keys; the one that it has as path speaks for
    // it.
    if (artifact.key === artifact.path || !tracked.has(artifact.path)) {
      tracked.set(artifact.path, artifact);
    }
  }
  return tracked;
}

/** Its parameter is the branch that counts beside main. */
function queryOf(hasContents: boolean): string {
  const contents = hasContents
    ? `LEFT JOIN lamin_content AS c ON c.artifact_id = a.id AND c.hash IS NOT DISTINCT FROM a.hash`
    : "";
  return `SELECT a.id, a.uid, a.key, a.size, a.hash, a._hash_type AS "hashType",
    a.n_files AS "fileCount", ${hasContents ? "c.sha256" : "NULL"} AS sha256,
    a.branch_id AS branch, ${
    hasContents ? isObject : "FALSE"
  } AS "isObject", a.created_at AS "createdAt", a.storage_id AS storage,
    CASE
      WHEN a._real_key IS NULL AND NOT a._key_is_virtual THEN a.key
      WHEN a._real_key NOT LIKE '.lamindb/%' THEN a._real_key
    END AS place
  FROM lamindb_artifact AS a ${contents}
  WHERE a.is_latest AND a.branch_id IN (1, ?) AND a.key IS NOT NULL
    AND (a.kind IS NULL OR a.kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\')`;
}

const isObject = `COALESCE(a._real_key =
  '.lamindb/objects/' || substr(c.sha256, 1, 2) || '/' || c.sha256 || a.suffix, FALSE)`;

/** Two families may have the same key: the one on the branch counts, then the newest. */
function isAhead(row: TrackedRow, other: TrackedRow, branch: number): boolean {
  const isHere = row.branch === branch;
  if (isHere !== (other.branch === branch)) return isHere;
  if (row.createdAt !== other.createdAt) return row.createdAt > other.createdAt;
  return row.id > other.id;
}

/** Field by field: for 100,000 rows, spreading them takes longer than the query. */
function trackedArtifact(
  instance: Instance,
  managed: ReadonlySet<number>,
  row: TrackedRow,
): TrackedArtifact {
  const bytesPath = bytesPathOf(instance, row);
  return {
    id: row.id,
    uid: row.uid,
    key: row.key,
    size: row.size,
    hash: row.hash,
    hashType: row.hashType,
    fileCount: row.fileCount,
    sha256: row.sha256,
    path: (bytesPath && pathInWorkTree(instance, bytesPath)) || row.key,
    bytesPath,
    branch: row.branch,
    isObject: Boolean(row.isObject) && row.storage === instance.ownStorage.id,
    isElsewhere: !managed.has(row.storage),
  };
}

function bytesPathOf(instance: Instance, { place, storage }: TrackedRow): string | undefined {
  if (place === null || storage !== instance.ownStorage.id) return undefined;
  if (!isAbsolute(instance.location.root)) return undefined; // on a server
  return place.split("/").includes("..") ? undefined : join(instance.location.root, place);
}

/** Undefined for bytes beside the work tree, or in a storage that is a folder in it. */
function pathInWorkTree({ location }: Instance, bytesPath: string): string | undefined {
  const { root, workTree } = location;
  return relativeTo(root, workTree) === undefined ? undefined : relativeTo(workTree, bytesPath);
}
