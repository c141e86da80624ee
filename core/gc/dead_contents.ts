import type { Changes } from "../operation/changes.ts";
import { laminContent } from "../side_tables.ts";

/**
 * Removes what is noted of contents that were collected: for artifacts that are no more, and the
 * lists of files of folders that no artifact has. The lists are not put into the operation log: it
 * would keep, longer, what is to be freed, and without its files no undo could use one.
 */
export async function removeDeadContents(
  changes: Changes,
  collected: readonly string[],
): Promise<void> {
  if (collected.length === 0) return;
  const { reader } = changes;
  const list = reader.dialect.valuesOf(collected);
  const contents = await reader.select(laminContent, `sha256 IN (${list.sql})`, list.parameters);
  const ids = reader.dialect.valuesOf(contents.map(({ artifact_id }) => artifact_id));
  const present = new Set(
    (await reader.all<{ id: number }>(
      `SELECT id FROM lamindb_artifact WHERE id IN (${ids.sql})`,
      ids.parameters,
    )).map(({ id }) => id),
  );
  await changes.delete(laminContent, contents.filter((row) => !present.has(row.artifact_id)));
  const live = new Set(
    contents.filter((row) => present.has(row.artifact_id)).map(({ sha256 }) => sha256),
  );
  const dead = reader.dialect.valuesOf(collected.filter((sha256) => !live.has(sha256)));
  await changes.writer.run(
    `DELETE FROM lamin_manifestfile WHERE manifest IN (${dead.sql})`,
    dead.parameters,
  );
}
