import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { parseKey } from "../identity/key.ts";
import type { Instance } from "../instance/instance.ts";
import { laminManifestFile, type ManifestFileRow } from "../side_tables.ts";
import { folderFiles } from "./add/folder_files.ts";
import { type Content, contentsOf } from "./content.ts";
import { unlessChanged } from "./still_there.ts";
import { type ArtifactRow, storageKeyOf } from "./storage_key.ts";

/** One file of an artifact, with what it must turn out to be. */
export interface ContentFile {
  /** Below the folder; empty for an artifact that is a file. */
  readonly path: string;
  /** Storage key. */
  readonly name: string;
  readonly size: number | null;
  /** Undefined when only Python wrote it and nothing of ours has hashed it yet. */
  readonly sha256: string | undefined;
  /** LaminDB's hash of the file, where it is known and can be checked. */
  readonly hash: string | undefined;
}

/**
 * The files of an artifact in the order of their paths: one for a file artifact, those of the
 * manifest for a folder. Of a folder that only Python wrote they are listed where they lie.
 *
 * Throws code "damaged" when the folder is gone, "not_found" or "conflict" when the artifact was
 * deleted or moved since it was looked up, "denied" when a path in its manifest is none.
 */
export async function contentFiles(instance: Instance, row: ArtifactRow): Promise<ContentFile[]> {
  const files = (await contentFilesOf(instance, [row])).get(row.id)!;
  if (files instanceof LaminError) throw files;
  return files;
}

/**
 * The files of many artifacts, by artifact id, in a fixed number of queries; in the place of files
 * that cannot be told, the error that `contentFiles` would throw.
 */
export async function contentFilesOf(
  instance: Instance,
  rows: readonly ArtifactRow[],
): Promise<Map<number, ContentFile[] | LaminError>> {
  const { contents, manifests } = await instance.database.read(async (reader) => {
    const contents = await contentsOf(reader, rows);
    return { contents, manifests: await manifestRows(reader, contents.values()) };
  });
  const files = new Map<number, ContentFile[] | LaminError>();
  for (const row of rows) {
    const content = contents.get(row.id);
    const listed = content?.isFolder ? manifests.get(content.sha256) : undefined;
    const found = attempt(() => filesOf(instance, row, content, listed));
    const isDamage = found instanceof LaminError && found.code === "damaged";
    files.set(row.id, isDamage ? await unlessChanged(instance, row, found) : found);
  }
  return files;
}

async function manifestRows(
  reader: Reader,
  contents: Iterable<Content>,
): Promise<Map<string, ManifestFileRow[]>> {
  const manifests = [...contents].filter(({ isFolder }) => isFolder).map(({ sha256 }) => sha256);
  if (manifests.length === 0) return new Map();
  const list = reader.dialect.valuesOf([...new Set(manifests)]);
  const rows = await reader.select(
    laminManifestFile,
    `manifest IN (${list.sql}) ORDER BY ${reader.dialect.textOrder("path")}`,
    list.parameters,
  );
  return Map.groupBy(rows, ({ manifest }) => manifest);
}

function filesOf(
  instance: Instance,
  row: ArtifactRow,
  content: Content | undefined,
  manifest: readonly ManifestFileRow[] | undefined,
): ContentFile[] {
  const name = storageKeyOf(row);
  if (row.n_files === null) {
    const isChecked = row._hash_type === "md5" || row._hash_type === "sha1-fl";
    const hash = isChecked ? row.hash ?? undefined : undefined;
    return [{ path: "", name, size: row.size, sha256: content?.sha256, hash }];
  }
  if (manifest !== undefined) return manifest.map((file) => memberOf(row, name, file));
  const path = instance.blobsOf(row.storage_id).locate(name);
  if (path === undefined || instance.host.files.stat(path)?.kind !== "directory") {
    throw missingBytes(row, name);
  }
  return folderFiles(instance.host, path).map((file) => ({
    path: file.path,
    name: `${name}/${file.path}`,
    size: file.stat.size,
    sha256: undefined,
    hash: undefined,
  }));
}

/** The path is joined to names: it is checked here, whoever wrote the row. */
function memberOf(row: ArtifactRow, folder: string, file: ManifestFileRow): ContentFile {
  try {
    parseKey(file.path);
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
    throw new LaminError("denied", `a file of ${nameOf(row)} has no safe path: ${error.message}`, {
      data: { uid: row.uid, path: file.path },
      cause: error,
    });
  }
  const { path, size, sha256 } = file;
  return { path, name: `${folder}/${path}`, size, sha256, hash: undefined };
}

function attempt<T>(work: () => T): T | LaminError {
  try {
    return work();
  } catch (error) {
    if (error instanceof LaminError) return error;
    throw error;
  }
}

/** The failure for bytes that are not where the row says. */
export function missingBytes(row: Pick<ArtifactRow, "uid" | "key">, name: string): LaminError {
  return new LaminError("damaged", `the bytes of ${nameOf(row)} are missing (${name})`, {
    hint: "'lamin fsck' lists everything that is missing or damaged",
    data: { uid: row.uid, key: row.key, name },
  });
}

/** What to call an artifact in a sentence. */
export function nameOf(row: Pick<ArtifactRow, "uid" | "key">): string {
  return row.key ?? row.uid;
}
