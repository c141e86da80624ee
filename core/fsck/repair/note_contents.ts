import type { Hashing } from "../../../store/host/host.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { Changes } from "../../operation/changes.ts";
import { laminContent, laminManifestFile } from "../../side_tables.ts";
import { isManifest } from "../expectation.ts";
import type { FoundContent } from "../finding.ts";

/**
 * Notes which content artifacts have, and the files of folders. Artifacts that changed since they
 * were read are left out.
 */
export async function noteContents(
  hashing: Hashing,
  changes: Changes,
  found: readonly FoundContent[],
): Promise<void> {
  if (found.length === 0) return;
  const ids = changes.reader.dialect.valuesOf(found.map(({ row }) => row.id));
  const rows = await changes.reader.select(artifact, `id IN (${ids.sql})`, ids.parameters);
  const hashes = new Map(rows.map((row) => [row.id, row.hash]));
  const noted = await changes.reader.select(
    laminContent,
    `artifact_id IN (${ids.sql})`,
    ids.parameters,
  );
  const byArtifact = new Map(noted.map((content) => [content.artifact_id, content]));
  const current = found.filter(({ row }) => hashes.get(row.id) === row.hash);
  const inserts = [];
  for (const { row, sha256, manifest } of current) {
    const values = { sha256, is_folder: manifest !== undefined, hash: row.hash };
    const present = byArtifact.get(row.id);
    if (present === undefined) inserts.push({ artifact_id: row.id, ...values });
    else await changes.update(laminContent, [present], values);
  }
  await changes.insert(laminContent, inserts);
  await noteManifests(hashing, changes, current);
}

async function noteManifests(
  hashing: Hashing,
  changes: Changes,
  found: readonly FoundContent[],
): Promise<void> {
  const manifests = new Map(
    found.flatMap(({ sha256, manifest }) => manifest === undefined ? [] : [[sha256, manifest]]),
  );
  const list = changes.reader.dialect.valuesOf([...manifests.keys()]);
  const rows = await changes.reader.select(
    laminManifestFile,
    `manifest IN (${list.sql})`,
    list.parameters,
  );
  const present = Map.groupBy(rows, ({ manifest }) => manifest);
  for (const [manifest, files] of manifests) {
    const there = present.get(manifest) ?? [];
    if (isManifest(hashing, there, manifest)) continue;
    await changes.delete(laminManifestFile, there);
    await changes.insert(laminManifestFile, files.map((file) => ({ manifest, ...file })));
  }
}
