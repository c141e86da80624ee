import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { laminArrival } from "../sync/tables.ts";
import { mainBranch, trashBranch } from "../version/branch_ids.ts";
import { awaitedColumns, type AwaitedRow } from "./not_fetched.ts";

/** An artifact that came from another instance without its bytes, then. */
export type ArrivedRow = AwaitedRow & {
  /** In bytes. */
  readonly size: number | null;
};

/** How many rows are held at a time. */
const pageLength = 5000;

/**
 * Artifacts outside the trash that came from another instance, some thousand at a time: all
 * versions, or those that are the latest on the branch or on main. `read` reads one page.
 */
export async function* arrivedRows(
  instance: Instance,
  read: (work: (reader: Reader) => Promise<ArrivedRow[]>) => Promise<ArrivedRow[]>,
  scope: "latest" | "all",
): AsyncGenerator<readonly ArrivedRow[]> {
  for (let after = 0;;) {
    const rows = await read((reader) => page(instance, reader, scope, after));
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.id;
  }
}

async function page(
  instance: Instance,
  reader: Reader,
  scope: "latest" | "all",
  after: number,
): Promise<ArrivedRow[]> {
  if (!(await reader.hasTable(laminArrival.name))) return [];
  const isLatest = scope === "latest" ? "AND is_latest AND branch_id IN (?, ?)" : "";
  const branches = scope === "latest" ? [mainBranch, await currentBranchId(instance, reader)] : [];
  return await reader.all<ArrivedRow>(
    `SELECT ${awaitedColumns}, size FROM lamindb_artifact
     WHERE id > ? AND branch_id <> ? ${isLatest} AND EXISTS (
       SELECT 1 FROM ${laminArrival.name} WHERE lamindb_artifact.id BETWEEN first_id AND last_id)
     ORDER BY id LIMIT ${pageLength}`,
    [after, trashBranch, ...branches],
  );
}
