import type { Reader } from "../../store/database/database.ts";
import { run } from "../registry/lamindb/run.ts";
import type { ImportedWorkflow } from "./imported.ts";

/** Those of the tasks of a workflow manager that are runs already, with the ids of their rows. */
export async function recordedBefore(
  reader: Reader,
  manager: ImportedWorkflow["manager"],
  ids: readonly string[],
): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  const list = reader.dialect.valuesOf(ids);
  if (ids.length === 0) return known;
  const rows = await reader.all<{ id: number; reference: string }>(
    `SELECT id, reference FROM ${run.name} WHERE reference_type = ? AND reference ${
      reader.dialect.among(list.sql)
    } ORDER BY id`,
    [manager, ...list.parameters],
  );
  for (const row of rows) known.set(row.reference, Number(row.id));
  return known;
}
