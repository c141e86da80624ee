import { trashBranch } from "../version/branch_ids.ts";
import type { Instance } from "../instance/instance.ts";
import { laminContent } from "../side_tables.ts";
import type { ImportedTask } from "./imported.ts";
import { nameOf } from "./import_workflow.ts";
import type { TakenFile } from "./taken_files.ts";

/**
 * Artifacts that have the content of files which are not there any more as a task saw them, by the
 * SHA-256 that the workflow manager noted: the one that was made first.
 */
export async function sameContents(
  instance: Instance,
  tasks: readonly ImportedTask[],
  found: ReadonlyMap<string, TakenFile | string>,
): Promise<Map<string, number>> {
  const wanted = tasks.flatMap((task) =>
    [...task.inputs, ...task.outputs].flatMap((file) =>
      typeof found.get(nameOf(task, file)) === "string" && file.sha256 !== undefined
        ? [file.sha256]
        : []
    )
  );
  if (wanted.length === 0) return new Map();
  return await instance.database.read(async (reader) => {
    if (!(await reader.hasTable(laminContent.name))) return new Map();
    const list = reader.dialect.valuesOf([...new Set(wanted)]);
    const rows = await reader.all<{ id: number; sha256: string }>(
      `SELECT artifact.id, content.sha256 FROM ${laminContent.name} AS content
       JOIN lamindb_artifact AS artifact ON artifact.id = content.artifact_id
       WHERE content.sha256 ${reader.dialect.among(list.sql)} AND artifact.branch_id <> ?
         AND content.hash = artifact.hash ORDER BY artifact.id DESC`,
      [...list.parameters, trashBranch],
    );
    return new Map(rows.map(({ id, sha256 }) => [sha256, Number(id)]));
  });
}
