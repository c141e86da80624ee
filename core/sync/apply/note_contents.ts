import type { Changes } from "../../operation/changes.ts";
import { laminContent, laminManifestFile } from "../../side_tables.ts";
import type { PortableContent } from "../rows/row_source.ts";

/** An artifact of the target, and which bytes its source knows it to have. */
export interface ArrivedContent {
  readonly artifactId: number;
  /** LaminDB's hash of the artifact. */
  readonly hash: string | null;
  readonly content: PortableContent;
}

/** Notes which bytes artifacts have, whether they are here or not. */
export async function noteContents(
  changes: Changes,
  arrived: readonly ArrivedContent[],
): Promise<void> {
  if (arrived.length === 0) return;
  const { reader } = changes;
  const list = reader.dialect.valuesOf(arrived.map(({ artifactId }) => artifactId));
  const noted = await reader.select(laminContent, `artifact_id IN (${list.sql})`, list.parameters);
  const former = new Map(noted.map((row) => [row.artifact_id, row]));
  const added: ArrivedContent[] = [];
  for (const one of arrived) {
    const row = former.get(one.artifactId);
    if (row === undefined) added.push(one);
    else await changes.update(laminContent, [row], valuesOf(one));
  }
  await changes.insert(
    laminContent,
    added.map((one) => ({ artifact_id: one.artifactId, ...valuesOf(one) })),
  );
  await noteManifests(changes, arrived.map(({ content }) => content));
}

function valuesOf({ hash, content: { sha256, isFolder } }: ArrivedContent) {
  return { sha256, is_folder: isFolder, hash };
}

async function noteManifests(
  changes: Changes,
  contents: readonly PortableContent[],
): Promise<void> {
  const manifests = new Map(
    contents.filter(({ files }) => files.length > 0).map(({ sha256, files }) => [sha256, files]),
  );
  if (manifests.size === 0) return;
  const list = changes.reader.dialect.valuesOf([...manifests.keys()]);
  const known = await changes.reader.all<{ manifest: string }>(
    `SELECT DISTINCT manifest FROM lamin_manifestfile WHERE manifest IN (${list.sql})`,
    list.parameters,
  );
  for (const { manifest } of known) manifests.delete(manifest);
  for (const [manifest, files] of manifests) {
    await changes.insert(
      laminManifestFile,
      files.map(({ path, size, sha256 }) => ({ manifest, path, size, sha256 })),
    );
  }
}
