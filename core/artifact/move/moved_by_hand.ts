import { nothingIndexed } from "../../../store/work_index/indexed_files.ts";
import type { Reader } from "../../../store/database/database.ts";
import { join } from "../../../store/path.ts";
import type { Instance } from "../../instance/instance.ts";
import { type Manifests, manifestsOf, matchesFolder } from "../../status/compare_folder.ts";
import { matchesFile } from "../../status/matches.ts";
import type { TrackedArtifact } from "../../status/tracked.ts";
import { FileContents } from "../../work_tree/file_contents.ts";
import { contentsOf } from "../content.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { MoveSource } from "./families.ts";

/**
 * Whether someone has moved the folder of a source to `target` already: it is gone from its own
 * path, and what it should hold is there.
 */
export async function wasMovedTo(
  instance: Instance,
  reader: Reader,
  { prefix, families }: MoveSource,
  target: string,
): Promise<boolean> {
  const { files } = instance.host;
  const { root } = instance.workTree;
  const isThere = (path: string) => files.lstat(join(root, path)) !== null;
  if (prefix !== undefined) {
    if (prefix === "" || isThere(prefix.slice(0, -1))) return false;
    return families.some(({ head }) => isThere(join(target, head.key!.slice(prefix.length))));
  }
  const { head } = families[0]!;
  if (head.key === null || head.n_files === null || isThere(head.key)) return false;
  return await hasContent(instance, await knownContents(reader, [head]), head, join(root, target));
}

/** What some versions consist of. */
export interface KnownContents {
  readonly artifacts: ReadonlyMap<number, TrackedArtifact>;
  readonly manifests: Manifests;
}

/** What versions consist of, in a fixed number of queries. */
export async function knownContents(
  reader: Reader,
  rows: readonly ArtifactRow[],
): Promise<KnownContents> {
  const contents = await contentsOf(reader, rows);
  const artifacts = new Map(
    rows.map((row) => [row.id, asTracked(row, contents.get(row.id)?.sha256 ?? null)]),
  );
  const folders = [...artifacts.values()].filter(({ fileCount }) => fileCount !== null);
  return { artifacts, manifests: await manifestsOf(reader, folders) };
}

/** Whether a file or folder of this machine has the content of a version that is known. */
export async function hasContent(
  instance: Instance,
  { artifacts, manifests }: KnownContents,
  row: ArtifactRow,
  absolute: string,
): Promise<boolean> {
  const { host } = instance;
  const stat = host.files.lstat(absolute);
  const contents = new FileContents(instance, nothingIndexed);
  const artifact = artifacts.get(row.id)!;
  if (row.n_files !== null) {
    if (stat?.kind !== "directory") return false;
    return await matchesFolder({ host, contents, manifests }, artifact, artifact.path, absolute);
  }
  if (stat?.kind !== "file" || (row.size !== null && row.size !== stat.size)) return false;
  const content = await contents.of(undefined, absolute, stat);
  return content !== undefined && matchesFile(artifact, content);
}

function asTracked(row: ArtifactRow, sha256: string | null): TrackedArtifact {
  return {
    id: row.id,
    uid: row.uid,
    key: row.key ?? row.uid,
    size: row.size,
    hash: row.hash,
    hashType: row._hash_type,
    fileCount: row.n_files,
    sha256,
    path: row.key ?? row.uid,
    bytesPath: undefined,
    branch: row.branch_id,
    isObject: false,
    isElsewhere: false,
  };
}
