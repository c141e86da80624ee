import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Instance } from "../instance/instance.ts";
import { currentUserId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { artifactProject } from "../registry/lamindb/artifact_links.ts";
import { project } from "../registry/lamindb/project.ts";
import { runProject } from "../registry/lamindb/run_links.ts";
import { transformProject } from "../registry/lamindb/transform_links.ts";
import { trashBranch } from "../version/branch_ids.ts";

/** Id of the project of this name or uid. Throws code "not_found". */
export async function findProject(reader: Reader, nameOrUid: string): Promise<number> {
  const [row] = await reader.select(
    project,
    `(name = ? OR uid = ?) AND branch_id <> ${trashBranch} ORDER BY id`,
    [nameOrUid, nameOrUid],
  );
  if (row !== undefined) return row.id;
  throw new LaminError("not_found", `there is no project '${nameOrUid}'`, {
    hint: "'lamin list project' shows what is there",
    data: { project: nameOrUid },
  });
}

/** What a run makes that can belong to a project. */
type Linked = "artifact" | "transform" | "run";

/**
 * Labels what a run made with the run's project, if it has one (COMPAT §6.3); also what no run made
 * with a project that was named for it.
 */
export async function linkProject(
  instance: Instance,
  changes: Changes,
  run: { readonly id: number | null; readonly projectId?: number },
  linked: Linked,
  ids: readonly number[],
): Promise<void> {
  if (run.projectId === undefined || ids.length === 0) return;
  const { reader } = changes;
  const list = reader.dialect.valuesOf(ids);
  const column = `${linked}_id`;
  const known = new Set(
    (await reader.all<{ id: number }>(
      `SELECT ${column} AS id FROM lamindb_${linked}project
       WHERE project_id = ? AND ${column} IN (${list.sql})`,
      [run.projectId, ...list.parameters],
    )).map(({ id }) => Number(id)),
  );
  const shared = {
    project_id: run.projectId,
    created_at: timestamp(instance.host.now()),
    created_by_id: await currentUserId(instance, changes),
  };
  const fresh = ids.filter((id) => !known.has(id));
  if (linked === "artifact") {
    const rows = fresh.map((artifact_id) => ({ ...shared, artifact_id, run_id: run.id }));
    await changes.insert(artifactProject, rows);
  } else if (linked === "transform") {
    const rows = fresh.map((transform_id) => ({ ...shared, transform_id, run_id: run.id }));
    await changes.insert(transformProject, rows);
  } else await changes.insert(runProject, fresh.map((run_id) => ({ ...shared, run_id })));
}
