import { LaminError } from "../../store/errors.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { BlobReader } from "../../store/objects/blob_store.ts";
import { laminManifestFile } from "../side_tables.ts";
import { ContentHasher } from "../identity/content_hasher.ts";
import { parseKey } from "../identity/key.ts";
import type { Instance } from "../instance/instance.ts";
import { folderFiles } from "./add/folder_files.ts";
import { contentsOf } from "./content.ts";
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
 * The files of an artifact in the order of their paths: one for a file artifact, those of the manifest
 * for a folder. Of a folder that only Python wrote they are listed where they lie.
 */
export async function contentFiles(instance: Instance, row: ArtifactRow): Promise<ContentFile[]> {
  const name = storageKeyOf(row);
  const content = await instance.database.read(async (reader) =>
    (await contentsOf(reader, [row])).get(row.id)
  );
  if (row.n_files === null) {
    const hash = row._hash_type === "md5" || row._hash_type === "sha1-fl" ? row.hash : null;
    return [{
      path: "",
      name,
      size: row.size,
      sha256: content?.sha256,
      hash: hash ?? undefined,
    }];
  }
  if (content?.isFolder) return await filesOfManifest(instance, content.sha256, name);
  const path = instance.blobsOf(row.storage_id).locate(name);
  if (path === undefined || instance.host.files.stat(path)?.kind !== "directory") {
    throw missing(row, name);
  }
  return folderFiles(instance.host, path).map((file) => ({
    path: file.path,
    name: `${name}/${file.path}`,
    size: file.stat.size,
    sha256: undefined,
    hash: undefined,
  }));
}

async function filesOfManifest(
  instance: Instance,
  manifest: string,
  folder: string,
): Promise<ContentFile[]> {
  const rows = await instance.database.read((reader) =>
    reader.select(laminManifestFile, "manifest = ? ORDER BY path", [manifest])
  );
  return rows.map((row) => ({
    // The path is joined to names: it is checked here, whoever wrote the row.
    path: parseKey(row.path),
    name: `${folder}/${row.path}`,
    size: row.size,
    sha256: row.sha256,
    hash: undefined,
  }));
}

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * Streams a file of an artifact while checking it. The last piece is given only when everything was
 * right, so bytes that were damaged never arrive complete. Throws code "damaged".
 */
export async function* verifiedBytes(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): AsyncGenerator<Uint8Array> {
  const reader = await openFile(instance, row, file);
  try {
    const hashing = await instance.host.hashing();
    yield* checked(hashing, reader, row, file);
  } finally {
    reader.close();
  }
}

async function* checked(
  hashing: Hashing,
  reader: BlobReader,
  row: ArtifactRow,
  file: ContentFile,
): AsyncGenerator<Uint8Array> {
  if (file.size !== null && reader.size !== file.size) {
    throw damaged(row, file, `it has ${reader.size} bytes instead of ${file.size}`);
  }
  const hasher = new ContentHasher(hashing, reader.size);
  let held: Uint8Array | undefined;
  for (let offset = 0; offset < reader.size;) {
    const bytes = await reader.read(offset, pieceBytes);
    if (bytes.length === 0) throw damaged(row, file, "it ends early");
    hasher.update(bytes);
    if (held !== undefined) yield held;
    held = bytes;
    offset += bytes.length;
  }
  const content = hasher.finish();
  const isRight = file.sha256 !== undefined
    ? content.sha256 === file.sha256
    : file.hash === undefined || content.hash === file.hash;
  if (!isRight) throw damaged(row, file, "its hash is not the recorded one");
  if (held !== undefined) yield held;
}

/** Opens a file of an artifact for reading at any offset, unchecked. Throws code "damaged" when gone. */
export async function openFile(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<BlobReader> {
  try {
    return await instance.blobsOf(row.storage_id).open(file.name);
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") throw missing(row, file.name);
    throw error;
  }
}

function missing(row: ArtifactRow, name: string): LaminError {
  return new LaminError("damaged", `the bytes of ${nameOf(row)} are missing (${name})`, {
    hint: "'lamin fsck' lists everything that is missing or damaged",
    data: { uid: row.uid, key: row.key, name },
  });
}

function damaged(row: ArtifactRow, file: ContentFile, why: string): LaminError {
  return new LaminError(
    "damaged",
    `the bytes of ${nameOf(row)} are damaged (${file.name}): ${why}`,
    {
      hint: "'lamin fsck --repair' mends what it can",
      data: { uid: row.uid, key: row.key, name: file.name },
    },
  );
}

/** What to call an artifact in a sentence. */
export function nameOf(row: Pick<ArtifactRow, "uid" | "key">): string {
  return row.key ?? row.uid;
}
