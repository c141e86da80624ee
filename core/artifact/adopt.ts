import type { Reader } from "../../store/database/database.ts";
import { formatManifest, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import { folderFiles } from "./add/folder_files.ts";
import { type Content, contentsOf } from "./content.ts";
import { hashLocal } from "./hash_reader.ts";
import { type ArtifactRow, storageKeyOf } from "./storage_key.ts";

/**
 * The content of artifacts, hashing those that only Python wrote and whose LaminDB hash is among
 * `hashes`: they may or may not have the same bytes. Artifacts whose bytes are gone have no
 * content. What is `known` from a moment ago is not hashed again, and what was hashed is added to
 * it.
 */
export async function adoptContents(
  instance: Instance,
  reader: Reader,
  rows: readonly ArtifactRow[],
  hashes: ReadonlySet<string>,
  known: Map<number, Content>,
): Promise<Map<number, Content>> {
  const contents = await contentsOf(reader, rows);
  for (const row of rows) {
    if (contents.has(row.id) || row.hash === null || !hashes.has(row.hash)) continue;
    const content = known.get(row.id) ?? await hashArtifact(instance, row);
    if (content === undefined) continue;
    contents.set(row.id, content);
    known.set(row.id, content);
  }
  return contents;
}

/** Hashes an artifact's bytes where they lie; undefined when they are gone. */
export async function hashArtifact(
  instance: Instance,
  row: ArtifactRow,
): Promise<Content | undefined> {
  const path = instance.blobsOf(row.storage_id).locate(storageKeyOf(row));
  if (path === undefined) {
    const { hashElsewhere } = await import("./hash_elsewhere.ts");
    return await hashElsewhere(instance, row);
  }
  const stat = instance.host.files.stat(path);
  if (stat === null) return undefined;
  const hashing = await instance.host.hashing();
  const tools = { hashing, progress: () => {} };
  if (stat.kind !== "directory") {
    return { sha256: (await hashLocal(instance.host, tools, path)).sha256, isFolder: false };
  }
  const files = [];
  for (const { path: below, absolute } of folderFiles(instance.host, path)) {
    files.push({ path: below, ...await hashLocal(instance.host, tools, absolute) });
  }
  return { sha256: manifestSha256(hashing, formatManifest(files)), isFolder: true };
}
