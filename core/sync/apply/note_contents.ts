import { recordManifests } from "../../artifact/add/record_contents.ts";
import type { Changes } from "../../operation/changes.ts";
import { laminContent } from "../../side_tables.ts";
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
  await recordManifests(
    changes,
    arrived.filter(({ content }) => content.files.length > 0)
      .map(({ content: { sha256, files } }) => ({ sha256, manifest: files })),
  );
}

function valuesOf({ hash, content: { sha256, isFolder } }: ArrivedContent) {
  return { sha256, is_folder: isFolder, hash };
}
