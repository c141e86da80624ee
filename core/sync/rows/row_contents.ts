import type { Reader } from "../../../store/database/database.ts";
import type { ManifestFile } from "../../identity/manifest.ts";
import { contentsOf } from "../../artifact/content.ts";
import { laminManifestFile } from "../../side_tables.ts";
import { identityOfUid } from "./row_hash.ts";
import type { PortableContent } from "./row_source.ts";

/** What is noted of the bytes of artifacts with these ids. */
export async function* contentsOfRows(
  reader: Reader,
  ids: readonly number[],
): AsyncIterable<PortableContent> {
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.all<{ id: number; uid: string; hash: string | null }>(
    `SELECT id, uid, hash FROM lamindb_artifact WHERE id IN (${list.sql})`,
    list.parameters,
  );
  const contents = await contentsOf(reader, rows);
  const identities = new Map(rows.map(({ id, uid }) => [id, identityOfUid(uid)]));
  const folders = [...contents.values()].filter(({ isFolder }) => isFolder)
    .map(({ sha256 }) => sha256);
  const manifests = await manifestsOf(reader, folders);
  for (const [id, { sha256, isFolder }] of contents) {
    yield { identity: identities.get(id)!, sha256, isFolder, files: manifests.get(sha256) ?? [] };
  }
}

async function manifestsOf(
  reader: Reader,
  sha256s: readonly string[],
): Promise<ReadonlyMap<string, ManifestFile[]>> {
  if (sha256s.length === 0) return new Map();
  const list = reader.dialect.valuesOf([...new Set(sha256s)]);
  const files = await reader.select(
    laminManifestFile,
    `manifest IN (${list.sql}) ORDER BY id`,
    list.parameters,
  );
  return Map.groupBy(files, ({ manifest }) => manifest);
}
