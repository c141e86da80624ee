import { quote } from "../../store/database/sql.ts";
import type { Instance } from "../instance/instance.ts";
import { run } from "../registry/lamindb/run.ts";
import { runStatus } from "./run_status.ts";
import { deadRuns } from "./settle_runs.ts";

/**
 * Lets runs whose programs died be read as aborted, for this connection alone: for instances that
 * are not to be written.
 */
export async function showDeadRuns({ host, workIndexPath, database }: Instance): Promise<void> {
  const dead = deadRuns({ host, workIndexPath });
  if (dead.length === 0) return;
  // Names of folders that have passed a pattern of letters and digits.
  const uids = dead.map((uid) => `'${uid}'`).join(", ");
  const status = `CASE WHEN _status_code = ${runStatus.started} AND uid IN (${uids})
    THEN ${runStatus.aborted} ELSE _status_code END AS _status_code`;
  const columns = Object.keys(run.columns).map((name) =>
    name === "_status_code" ? status : quote(name)
  );
  const query = `SELECT ${columns.join(", ")} FROM ${database.dialect.unhidden(run.name)}`;
  await database.shadow(new Map([[run.name, query]]));
}
